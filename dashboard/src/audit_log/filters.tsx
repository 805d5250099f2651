import { t } from '@lingui/core/macro';
import { Group, MultiSelect } from '@mantine/core';
import type { EventType } from '../gql/graphql';
import { eventChoices } from './event-types';
import type { LogState } from './log-state';
import { NarrowingFields } from './narrowing-fields';

interface Props {
  state: LogState;
  onChange: (change: Partial<LogState>) => void;
}

/** What the audit log can be narrowed by. */
export function Filters({ state, onChange }: Props) {
  return (
    <Group align="flex-end" gap="xs" data-in-address data-screen-only>
      <MultiSelect
        label={t`What`}
        placeholder={state.types.length === 0 ? (state.mails ? t`Everything` : t`Everything but mails`) : undefined}
        data={eventChoices()}
        value={state.types}
        onChange={(types) => onChange({ types: types as EventType[] })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t`Clear what` }}
        flex="1 1 14rem"
        maw="26rem"
      />
      <NarrowingFields state={state} onChange={onChange} />
    </Group>
  );
}
