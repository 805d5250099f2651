import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { RowSelection } from '../ui/table';
import type { ListState } from './list-state';
import { toVariables } from './list-state';
import type { User } from './queries';
import { between, changedBy, isSelected, NOTHING, type Selection } from './selection';

interface Selecting {
  selection: Selection;
  select: (selection: Selection) => void;
  /** For the table; undefined for a list of the past, in which nothing can be changed. */
  rows: RowSelection<User> | undefined;
}

/** What is selected of a list. It stays while pages are turned, and goes with the search and its filters. */
export function useSelection(state: ListState, page: readonly string[]): Selecting {
  const found = JSON.stringify([toVariables(state).filter, state.asOf]);
  const [held, setHeld] = useState({ found, selection: NOTHING, last: null as string | null });
  const selection = held.found === found ? held.selection : NOTHING;
  const change = (ids: readonly string[], isOn: boolean, last: string | null) =>
    setHeld({ found, selection: changedBy(selection, page, ids, isOn), last });
  const rows: RowSelection<User> = {
    has: ({ id }) => isSelected(selection, id),
    label: ({ name, email }) => selectLabel(name ?? email ?? t`erased user`),
    onSelect: ({ id }, isOn, isRange) => change(isRange ? between(page, held.last, id) : [id], isOn, id),
    onSelectPage: (isOn) => change(page, isOn, null),
  };
  return {
    selection,
    select: (next) => setHeld({ found, selection: next, last: null }),
    rows: state.asOf ? undefined : rows,
  };
}

function selectLabel(name: string): string {
  return t`Select ${name}`;
}
