import { Group, MultiSelect, TextInput } from '@mantine/core';
import type { EventType } from '../gql/graphql';
import { EVENT_CHOICES } from './event-types';
import type { LogState } from './log-state';
import { PersonFilters } from './person-filters';

interface Props {
  state: LogState;
  onChange: (change: Partial<LogState>) => void;
}

/** What the audit log can be narrowed by. */
export function Filters({ state, onChange }: Props) {
  return (
    <Group align="flex-end" gap="xs">
      <MultiSelect
        label="What"
        placeholder={state.types.length === 0 ? 'Everything' : undefined}
        data={EVENT_CHOICES}
        value={state.types}
        onChange={(types) => onChange({ types: types as EventType[] })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear what' }}
        flex="1 1 14rem"
        maw="26rem"
      />
      <PersonFilters subject={state.subject} actor={state.actor} onChange={onChange} />
      <TextInput type="date" label="From" value={state.from} onChange={(event) => onChange({ from: event.target.value })} />
      <TextInput type="date" label="Until" value={state.to} onChange={(event) => onChange({ to: event.target.value })} />
    </Group>
  );
}
