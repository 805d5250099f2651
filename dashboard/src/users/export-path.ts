import { endOfDay, instantOf, startOfDay } from '../ui/dates';
import { spreadsheetParameters } from '../ui/spreadsheet';
import { type ListState, orderOf } from './list-state';

/** The file with all users that are shown, on all pages, in the same order. */
export function usersExportPath(state: ListState): string {
  const { field: orderBy, direction } = orderOf(state);
  const entries: [string, string][] = [
    ['search', state.search.trim()],
    ...several('status', state.status),
    ...several('role', state.role),
    ...several('authMethod', state.methods),
    ...several('delivery', state.delivery),
    ['createdFrom', startOfDay(state.createdFrom) ?? ''],
    ['createdBefore', endOfDay(state.createdTo) ?? ''],
    ['lastActiveFrom', startOfDay(state.activeFrom) ?? ''],
    ['lastActiveBefore', endOfDay(state.activeTo) ?? ''],
    ['neverActive', state.neverActive ? 'true' : ''],
    ['asOf', instantOf(state.asOf) ?? ''],
    ['orderBy', orderBy],
    ['direction', direction],
    ...spreadsheetParameters(),
  ];
  return `/users/export?${new URLSearchParams(entries.filter(([, value]) => value !== ''))}`;
}

function several(key: string, values: string[]): [string, string][] {
  return values.map((value) => [key, value]);
}
