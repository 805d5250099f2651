import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ActionIcon, Button, Checkbox, Group, Stack, Switch } from '@mantine/core';
import { NextIcon, PreviousIcon } from '../ui/icons';
import { type ColumnId, HIDEABLE } from './columns';
import { moved, orderedColumns, type Taste } from './taste';

/** Which columns the list has, in which order, and how high its rows are. */
export default function ViewOptions({ taste, onChange }: { taste: Taste; onChange: (taste: Taste) => void }) {
  const columns = orderedColumns(taste);
  const shown = columns.filter(({ id }) => !taste.hidden.includes(id)).map(({ id }) => id);
  const show = (ids: string[]) =>
    onChange({ ...taste, hidden: HIDEABLE.filter(({ id }) => !ids.includes(id)).map(({ id }): ColumnId => id) });
  const isChanged = taste.hidden.length + taste.order.length + Object.keys(taste.widths).length > 0;
  return (
    <Stack gap="sm">
      <Checkbox.Group label={t`Columns`} value={shown} onChange={show}>
        <Stack gap={4} mt="xs">
          {columns.map(({ id, label }, index) => {
            const name = i18n._(label);
            return (
              <Group key={id} gap={4} wrap="nowrap">
                <Checkbox value={id} label={name} flex={1} me="md" />
                <Move label={t`Move ${name} to the left`} isOff={index === 0} onMove={() => onChange(moved(taste, id, -1))}>
                  <PreviousIcon size={16} />
                </Move>
                <Move
                  label={t`Move ${name} to the right`}
                  isOff={index === columns.length - 1}
                  onMove={() => onChange(moved(taste, id, 1))}
                >
                  <NextIcon size={16} />
                </Move>
              </Group>
            );
          })}
        </Stack>
      </Checkbox.Group>
      <Switch
        label={t`Compact rows`}
        checked={taste.isCompact}
        onChange={(event) => onChange({ ...taste, isCompact: event.currentTarget.checked })}
      />
      {isChanged && (
        <Button variant="default" size="xs" onClick={() => onChange({ ...taste, hidden: [], order: [], widths: {} })}>
          <Trans>Reset the columns</Trans>
        </Button>
      )}
    </Stack>
  );
}

/** A button that keeps the focus when there is no further place. */
function Move({
  label,
  isOff,
  onMove,
  children,
}: {
  label: string;
  isOff: boolean;
  onMove: () => void;
  children: React.ReactNode;
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={label}
      title={label}
      {...(isOff ? { 'data-disabled': true, 'aria-disabled': true } : { onClick: onMove })}
    >
      {children}
    </ActionIcon>
  );
}
