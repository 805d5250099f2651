import { expect, test } from 'vitest';
import { moved, readTaste, shownColumns } from './taste';

test('what was stored is read again', () => {
  const taste = { hidden: ['created' as const], isCompact: true, order: ['role' as const], widths: { status: 12 } };
  expect(readTaste(JSON.stringify(taste))).toEqual(taste);
});

test.each([undefined, '', '{', 'null', '{"hidden":"created"}', '{"hidden":["email","shoe-size"]}'])(
  '%s hides nothing',
  (text) => {
    expect(readTaste(text).hidden.filter((id) => id !== 'created')).toEqual([]);
  },
);

test('columns keep the order and the width that they were given; the person stays first', () => {
  const start = readTaste(undefined);
  const ids = (taste: typeof start) => shownColumns(taste).map(({ id }) => id);
  expect(ids(start)).toEqual(['email', 'status', 'role', 'created', 'active', 'methods']);
  const changed = moved(moved(start, 'active', -1), 'active', -1);
  expect(ids(changed)).toEqual(['email', 'status', 'active', 'role', 'created', 'methods']);
  expect(moved(start, 'status', -1)).toEqual(start);
  expect(shownColumns({ ...start, widths: { role: 9 } })[2]?.width).toBe(9);
  expect(readTaste('{"widths":{"role":900,"status":-3,"email":3},"order":["shoe","role","role"]}')).toEqual({
    ...start,
    order: ['role'],
    widths: { role: 30, status: 10 },
  });
});
