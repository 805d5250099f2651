import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { ActionIcon, Checkbox, Popover, Stack, Switch } from '@mantine/core';
import { ColumnsIcon } from '../ui/icons';
import { type ColumnId, HIDEABLE } from './columns';
import type { Taste } from './taste';

/** Chooses columns and the height of rows. */
export function ViewButton({ taste, onChange }: { taste: Taste; onChange: (taste: Taste) => void }) {
  const shown = HIDEABLE.filter(({ id }) => !taste.hidden.includes(id)).map(({ id }) => id);
  const show = (ids: string[]) =>
    onChange({ ...taste, hidden: HIDEABLE.filter(({ id }) => !ids.includes(id)).map(({ id }): ColumnId => id) });
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="default" size={36} aria-label={t`Columns and density`} title={t`Columns and density`}>
          <ColumnsIcon size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown data-in-address>
        <Stack gap="sm">
          <Checkbox.Group label={t`Columns`} value={shown} onChange={show}>
            <Stack gap="xs" mt="xs">
              {HIDEABLE.map(({ id, label }) => (
                <Checkbox key={id} value={id} label={i18n._(label)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Switch
            label={t`Compact rows`}
            checked={taste.isCompact}
            onChange={(event) => onChange({ ...taste, isCompact: event.currentTarget.checked })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
