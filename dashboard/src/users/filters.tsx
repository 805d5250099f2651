import { Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { choices, DELIVERIES, ROLES, STATUSES } from '../ui/words';
import type { ListState } from './list-state';
import type { User } from './queries';

interface FiltersProps {
  state: ListState;
  offered: User['authMethods'];
  onChange: (change: Partial<ListState>) => void;
}

/** What the list can be narrowed by. */
export function Filters({ state, offered, onChange }: FiltersProps) {
  const day = (key: 'createdFrom' | 'createdTo' | 'activeFrom' | 'activeTo', label: string) => (
    <TextInput type="date" label={label} value={state[key]} onChange={(event) => onChange({ [key]: event.target.value })} />
  );
  const methods = offered.map(({ id, label }) => ({ value: id, label }));
  return (
    <Stack gap="sm">
      <Several label="Status" data={choices(STATUSES)} value={state.status} onChange={(status) => onChange({ status })} />
      <Several label="User role" data={choices(ROLES)} value={state.role} onChange={(role) => onChange({ role })} />
      <Several label="Auth method" data={methods} value={state.methods} onChange={(methods) => onChange({ methods })} />
      <Several
        label="Mail with the invitation"
        data={choices(DELIVERIES)}
        value={state.delivery}
        onChange={(delivery) => onChange({ delivery })}
      />
      <Group grow>
        {day('createdFrom', 'Created from')}
        {day('createdTo', 'Created until')}
      </Group>
      <Group grow>
        {day('activeFrom', 'Active from')}
        {day('activeTo', 'Active until')}
      </Group>
      <Checkbox
        label="Never active"
        checked={state.neverActive}
        onChange={(event) => onChange({ neverActive: event.target.checked })}
      />
      <TextInput
        type="datetime-local"
        label="As of"
        description="The list as it was at a moment of the past"
        value={state.asOf}
        onChange={(event) => onChange({ asOf: event.target.value })}
      />
    </Stack>
  );
}

interface SeveralProps<T extends string> {
  label: string;
  data: { value: T; label: string }[];
  value: T[];
  onChange: (value: T[]) => void;
}

function Several<T extends string>({ label, data, value, onChange }: SeveralProps<T>) {
  return (
    <Checkbox.Group label={label} value={value} onChange={(next) => onChange(next as T[])}>
      <Group gap="md" mt={4}>
        {data.map((one) => (
          <Checkbox key={one.value} value={one.value} label={one.label} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
