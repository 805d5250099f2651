import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EVENT_TYPES, eventChoices } from './event-types';

test('every type that the API knows is offered once', () => {
  const schema = readFileSync(new URL('../../../api/schema.graphql', import.meta.url), 'utf8');
  const known = schema.match(/^enum EventType \{([^}]*)\}/m)?.[1]?.match(/^ {2}[A-Z_]+$/gm) ?? [];
  expect(known.length).toBeGreaterThan(20);
  expect([...EVENT_TYPES].sort()).toEqual(known.map((line) => line.trim()).sort());
});

test('no two types have the same name', () => {
  const labels = eventChoices().flatMap(({ items }) => items.map(({ label }) => label));
  expect(new Set(labels).size).toBe(labels.length);
});
