import { expect, test } from 'vitest';
import { isUndoable, undoSteps } from './undo';

const before = { role: 'VIEWER' as const, methods: ['password', 'google'], active: true };

test('each gets the role from before, those with the same together', () => {
  const rows = [
    { id: 'a', before },
    { id: 'b', before: { ...before, role: 'ADMIN' as const } },
    { id: 'c', before },
    { id: 'd', before: null },
  ];
  expect(undoSteps({ kind: 'role', role: 'EDITOR' }, rows)).toEqual([
    { action: { kind: 'role', role: 'VIEWER' }, ids: ['a', 'c'] },
    { action: { kind: 'role', role: 'ADMIN' }, ids: ['b'] },
  ]);
});

test('the order of login methods does not matter', () => {
  const rows = [
    { id: 'a', before },
    { id: 'b', before: { ...before, methods: ['google', 'password'] } },
  ];
  expect(undoSteps({ kind: 'methods', methods: ['google'], labels: ['Google'] }, rows)).toHaveLength(1);
});

test('who is deactivated is activated again', () => {
  const steps = undoSteps({ kind: 'active', active: false }, [{ id: 'a', before }]);
  expect(steps).toEqual([{ action: { kind: 'active', active: true }, ids: ['a'] }]);
});

test('a mail that was sent stays sent', () => {
  expect(isUndoable({ kind: 'resend' })).toBe(false);
  expect(undoSteps({ kind: 'resend' }, [{ id: 'a', before }])).toEqual([]);
});
