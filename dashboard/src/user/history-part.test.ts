import { expect, test } from 'vitest';
import { joined } from './history-part';

const part = (ids: string, next: string | null) => ({ events: [...ids].map((id) => ({ id })), next });
const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id).join('');

test('what is new comes before what is known, once', () => {
  const shown = joined(part('gfe', 'e'), part('fedcb', 'b'));
  expect(idsOf(shown.events)).toBe('gfedcb');
  expect(shown.next).toBe('b');
});

test('nothing new changes nothing', () => {
  expect(joined(part('fed', 'd'), part('fed', 'd'))).toEqual(part('fed', 'd'));
});

test('a gap is not papered over: older ones are asked for again', () => {
  expect(joined(part('zyx', 'x'), part('fed', 'd'))).toEqual(part('zyx', 'x'));
});

test('without any events there are none', () => {
  expect(joined(part('', null), part('', null))).toEqual(part('', null));
});
