// What the list can be narrowed by: how each filter is called, whether it is set, what its chip says, and how it is taken away.
import { day, startOfDay } from '../ui/dates';
import { list } from '../ui/formats';
import { choices, DELIVERIES, ROLES, STATUSES, word } from '../ui/words';
import type { ListState } from './list-state';

export type FilterId = 'status' | 'role' | 'methods' | 'delivery' | 'created' | 'active';

type Offered = readonly { id: string; label: string }[];

export interface Filter {
  id: FilterId;
  label: string;
  /** What it is set to, in words; empty where it is not set. */
  text: (state: ListState, offered: Offered) => string;
  /** The state without it. */
  none: Partial<ListState>;
  /** The choices of a filter that takes several. */
  choices?: (offered: Offered) => { value: string; label: string }[];
}

const words = (values: readonly string[]) => list(values.map(word));

export const FILTERS: Filter[] = [
  { id: 'status', label: 'Status', text: ({ status }) => words(status), none: { status: [] }, choices: () => choices(STATUSES) },
  { id: 'role', label: 'User role', text: ({ role }) => words(role), none: { role: [] }, choices: () => choices(ROLES) },
  {
    id: 'methods',
    label: 'Login method',
    text: ({ methods }, offered) => list(methods.map((id) => offered.find((one) => one.id === id)?.label ?? id)),
    none: { methods: [] },
    choices: (offered) => offered.map(({ id, label }) => ({ value: id, label })),
  },
  {
    id: 'delivery',
    label: 'Invitation mail',
    text: ({ delivery }) => words(delivery),
    none: { delivery: [] },
    choices: () => choices(DELIVERIES),
  },
  {
    id: 'created',
    label: 'Created',
    text: ({ createdFrom, createdTo }) => spanText(createdFrom, createdTo),
    none: { createdFrom: '', createdTo: '' },
  },
  {
    id: 'active',
    label: 'Last active',
    text: ({ activeFrom, activeTo, neverActive }) => (neverActive ? 'never' : spanText(activeFrom, activeTo)),
    none: { activeFrom: '', activeTo: '', neverActive: false },
  },
];

/** Two days of the reader's calendar, or one of them. */
function spanText(from: string, to: string): string {
  const [first, last] = [startOfDay(from), startOfDay(to)];
  if (first && last) return `${day(first)} – ${day(last)}`;
  if (first) return `from ${day(first)}`;
  return last ? `until ${day(last)}` : '';
}
