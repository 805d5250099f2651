import { t } from '@lingui/core/macro';
import { ActionIcon, Popover } from '@mantine/core';
import { useOffers } from '../palette/offers';
import { ColumnsIcon } from '../ui/icons';
import { lazyPart } from '../ui/lazy-part';
import type { Taste } from './taste';

const ViewOptions = lazyPart(() => import('./view-options'), { isFirst: true });

/** Chooses columns with their order, and the height of rows. */
export function ViewButton(props: { taste: Taste; onChange: (taste: Taste) => void }) {
  const { taste, onChange } = props;
  useOffers([
    {
      id: 'density',
      group: t`This page`,
      label: taste.isCompact ? t`Show higher rows` : t`Show compact rows`,
      icon: ColumnsIcon,
      run: () => onChange({ ...taste, isCompact: !taste.isCompact }),
    },
  ]);
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="default" size={36} aria-label={t`Columns and density`} title={t`Columns and density`}>
          <ColumnsIcon size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown data-in-address>
        <ViewOptions {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}
