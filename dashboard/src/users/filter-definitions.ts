// What the list can be narrowed by: how each filter is called, whether it is set, what its chip says, and how it is taken away.
import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { calendarDay } from '../ui/dates';
import { list } from '../ui/formats';
import { choices, DELIVERIES, methodWord, ROLES, STATUSES, word } from '../ui/words';
import type { ListState } from './list-state';

export type FilterId = 'status' | 'role' | 'methods' | 'delivery' | 'created' | 'active';

type Offered = readonly { id: string; label: string }[];

export interface Filter {
  id: FilterId;
  label: MessageDescriptor;
  /** What it is set to, in words; empty where it is not set. */
  text: (state: ListState, offered: Offered) => string;
  /** The state without it. */
  none: Partial<ListState>;
  /** The choices of a filter that takes several. */
  choices?: (offered: Offered) => { value: string; label: string }[];
}

const words = (values: readonly string[]) => list(values.map(word));

export const FILTERS: Filter[] = [
  {
    id: 'status',
    label: msg`Status`,
    text: ({ status }) => words(status),
    none: { status: [] },
    choices: () => choices(STATUSES),
  },
  { id: 'role', label: msg`User role`, text: ({ role }) => words(role), none: { role: [] }, choices: () => choices(ROLES) },
  {
    id: 'methods',
    label: msg`Login method`,
    text: ({ methods }, offered) =>
      list(methods.map((id) => methodWord(offered.find((one) => one.id === id) ?? { id, label: id }))),
    none: { methods: [] },
    choices: (offered) => offered.map((method) => ({ value: method.id, label: methodWord(method) })),
  },
  {
    id: 'delivery',
    label: msg`Invitation mail`,
    text: ({ delivery }) => words(delivery),
    none: { delivery: [] },
    choices: () => choices(DELIVERIES),
  },
  {
    id: 'created',
    label: msg`Created`,
    text: ({ createdFrom, createdTo }) => spanText(createdFrom, createdTo),
    none: { createdFrom: '', createdTo: '' },
  },
  {
    id: 'active',
    label: msg`Last active`,
    text: ({ activeFrom, activeTo, neverActive }) => (neverActive ? t`never` : spanText(activeFrom, activeTo)),
    none: { activeFrom: '', activeTo: '', neverActive: false },
  },
];

/** Two days of the reader's calendar, or one of them. */
function spanText(from: string, to: string): string {
  const [first, last] = [from && calendarDay(from), to && calendarDay(to)];
  if (first && last) return `${first} – ${last}`;
  if (first) return t`from ${first}`;
  return last ? t`until ${last}` : '';
}
