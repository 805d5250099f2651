import { expect, test } from 'vitest';
import { readListState, START } from '../users/list-state';
import { builtIn, differs, queryOf, stateOf, tasteOf } from './views';

const TASTE = { hidden: ['created' as const], isCompact: true };
const QUERY = 'q=ada&role=ADMIN&order=EMAIL.ASC&hide=created&density=compact';
const saved = { id: 'one', name: 'Mine', query: QUERY, shared: false, version: 1 };
const view = { id: 'one', name: 'Mine', query: QUERY, saved };

test('a view holds filters, search, order, columns and density, but neither page nor moment', () => {
  const state = readListState(
    new URLSearchParams('q=ada&role=ADMIN&order=EMAIL.ASC&after=x&from=26&as-of=2026-01-01T00:00&view=other'),
  );
  expect(queryOf(state, TASTE)).toBe(QUERY);
  expect(stateOf(view)).toMatchObject({ search: 'ada', role: ['ADMIN'], view: 'one', after: null });
  expect(tasteOf(QUERY)).toEqual(TASTE);
});

test('what a page does not understand of a view is left out', () => {
  expect(tasteOf('hide=shoe-size,role&density=airy')).toEqual({ hidden: ['role'], isCompact: false });
  expect(stateOf({ id: 'x', query: 'shoe-size=44' })).toEqual({ ...START, view: 'x' });
});

test('a list differs from its view when a filter or a column does', () => {
  expect(differs(view, stateOf(view), TASTE)).toBe(false);
  expect(differs(view, { ...stateOf(view), after: 'x' }, TASTE)).toBe(false);
  expect(differs(view, { ...stateOf(view), role: [] }, TASTE)).toBe(true);
  expect(differs(view, stateOf(view), { hidden: [], isCompact: true })).toBe(true);
});

test('five views are built in, and columns do not make them differ', () => {
  const views = builtIn(new Date(2026, 10, 28, 12));
  expect(views.map(({ id }) => id)).toEqual(['needs-attention', 'admins', 'never-signed-in', 'inactive', 'expired']);
  expect(stateOf(views[3] ?? view)).toMatchObject({ status: ['ACTIVE'], activeTo: '2026-08-29' });
  for (const one of views) expect(differs(one, stateOf(one), TASTE)).toBe(false);
});
