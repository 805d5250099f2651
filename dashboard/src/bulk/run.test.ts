import { expect, test } from 'vitest';
import { atFirst, byReason, goOn, operationsOf, type Row, withOutcome } from './run';

const row = (id: string, outcome: Row['outcome'] = 'CHANGED', reason: string | null = null): Row => ({
  id,
  outcome,
  name: id,
  reason,
});
const IDS = ['a', 'b', 'c', 'd', 'e'];

test('all are asked for, in parts, in their order', async () => {
  const parts: string[][] = [];
  const seen: number[] = [];
  const end = await goOn(
    atFirst(IDS),
    2,
    async (ids) => {
      parts.push([...ids]);
      return ids.map((id) => row(id));
    },
    ({ rows }) => seen.push(rows.length),
  );
  expect(parts).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(seen).toEqual([2, 4, 5]);
  expect(end.left).toEqual([]);
});

test('after a part that broke it goes on where it was', async () => {
  let isBroken = true;
  const send = async (ids: readonly string[]) => (ids.includes('c') && isBroken ? null : ids.map((id) => row(id)));
  const first = await goOn(atFirst(IDS), 2, send, () => undefined);
  expect(first.left).toEqual(['c', 'd', 'e']);
  isBroken = false;
  const end = await goOn(first, 2, send, () => undefined);
  expect(end.rows.map(({ id }) => id)).toEqual(IDS);
});

test('the refused are told by their reason', () => {
  const rows = [row('a', 'REFUSED', 'x'), row('b'), row('c', 'REFUSED', 'y'), row('d', 'REFUSED', 'y')];
  expect(byReason(rows).map(({ reason, rows: found }) => [reason, found.length])).toEqual([
    ['y', 2],
    ['x', 1],
  ]);
  expect(withOutcome(rows, 'CHANGED').map(({ id }) => id)).toEqual(['b']);
});

test('the operations of what was changed, the first one first', () => {
  const row = (id: string, outcome: 'CHANGED' | 'UNCHANGED' | 'REFUSED', operation: string | null) => ({
    id,
    outcome,
    name: id,
    reason: null,
    operation,
  });
  const rows = [
    row('a', 'CHANGED', 'one'),
    row('b', 'CHANGED', 'one'),
    row('c', 'REFUSED', 'two'),
    row('d', 'CHANGED', 'three'),
    row('e', 'UNCHANGED', null),
  ];
  expect(operationsOf(rows)).toEqual(['one', 'three']);
});
