import { readFileSync } from 'node:fs';
import { CombinedError } from 'urql';
import { expect, test } from 'vitest';
import { textOfCode } from './code-texts';
import { explain, problemOf, problemsOf, sentence } from './problems';

const refused = (code: string, message: string, extra = {}) =>
  new CombinedError({ graphQLErrors: [{ message, extensions: { code, ...extra } }] });

test('no answer at all says to check the connection', () => {
  const problem = problemOf(new CombinedError({ networkError: new TypeError('Failed to fetch') }));
  expect(problem.code).toBe('UNREACHABLE');
  expect(problem.text).toContain('Check your connection');
});

test('a fault shows the number that the operator looks for', () => {
  expect(problemOf(refused('INTERNAL', 'internal error', { requestId: 'r-17' })).text).toContain('r-17');
});

test('a refusal keeps the input that it is about', () => {
  const [problem] = problemsOf([{ code: 'INVALID_EMAIL', message: 'no address', field: ['input', 'email'] }]);
  expect(problem).toMatchObject({ code: 'INVALID_EMAIL', field: 'email' });
});

test('an unknown code is shown in the words of the server', () => {
  const [problem] = problemsOf([{ code: 'SOMETHING_NEW', message: 'the moon is full', field: null }]);
  expect(problem?.text).toBe('The moon is full.');
});

test('a sentence gets a capital and one full stop', () => {
  expect(sentence('try again in 5 seconds')).toBe('Try again in 5 seconds.');
  expect(sentence('Done.')).toBe('Done.');
});

test('every code of the schema has a text, also one that no mutation answers', () => {
  const schema = readFileSync(new URL('../../../api/schema.graphql', import.meta.url), 'utf8');
  const values = schema.match(/^enum UserErrorCode \{([\s\S]*?)^\}/m)?.[1] ?? '';
  const codes = [...values.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, code = '']) => code);
  expect(codes.length).toBeGreaterThan(50);
  for (const code of [...codes, 'UNAUTHENTICATED', 'FORBIDDEN', 'UNREACHABLE']) expect(textOfCode(code), code).toBeDefined();
});

test('what the server says in more detail is shown in English', () => {
  expect(explain('INVALID_NAME', 'a name has at most 200 characters')).toBe('A name has at most 200 characters.');
  expect(explain('SLUG_TAKEN', 'this short name is taken')).toBe('This short name is taken.');
});
