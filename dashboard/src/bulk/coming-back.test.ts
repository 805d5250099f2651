import { expect, test } from 'vitest';
import type { EventType } from '../gql/graphql';
import { comingBack } from './coming-back';

const event = (type: EventType, from: string | null, to: string | null) => ({
  id: 'one',
  type,
  user: { id: 'ada', email: 'ada@acme.example', name: 'Ada' },
  canUndo: { allowed: true },
  changes: [{ field: 'any', from, to }],
});

test('what comes back is told in words', () => {
  expect(comingBack(event('ROLE_CHANGED', 'VIEWER', 'EDITOR'))).toEqual([
    { id: 'one', who: 'Ada', what: 'Viewer instead of Editor' },
  ]);
  expect(comingBack(event('NAME_CHANGED', null, 'Ada'))[0]?.what).toBe('the name before');
  expect(comingBack({ ...event('DEACTIVATED', null, null), changes: [] })[0]?.what).toBe('access');
  expect(comingBack({ ...event('ACTIVATED', null, null), changes: [] })[0]?.what).toBe('no access');
});

test('what cannot be undone does not come back', () => {
  expect(comingBack({ ...event('ROLE_CHANGED', 'VIEWER', 'EDITOR'), canUndo: { allowed: false } })).toEqual([]);
});
