import { expect, test } from 'vitest';
import { readTaste } from './taste';

test('what was stored is read again', () => {
  const taste = { hidden: ['created' as const], isCompact: true };
  expect(readTaste(JSON.stringify(taste))).toEqual(taste);
});

test.each([undefined, '', '{', 'null', '{"hidden":"created"}', '{"hidden":["email","shoe-size"]}'])(
  '%s hides nothing',
  (text) => {
    expect(readTaste(text).hidden.filter((id) => id !== 'created')).toEqual([]);
  },
);
