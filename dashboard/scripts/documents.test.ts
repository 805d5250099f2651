import { expect, test } from 'vitest';
import { withTexts } from './documents';

const fragments = new Map([
  ['Row', { text: 'fragment Row on User { id ...Rights }' }],
  ['Rights', { text: 'fragment Rights on User { role }' }],
]);

test('a document becomes a text with all fragments that it needs, each once', () => {
  const code = 'const Users = graphql(`\n  query Users { a { ...Row } b { ...Row ...Rights } }\n`);';
  expect(withTexts(code, fragments)).toBe(
    'const Users = "query Users { a { ...Row } b { ...Row ...Rights } } ' +
      'fragment Row on User { id ...Rights } fragment Rights on User { role }";',
  );
});

test('an inline fragment is not one that is looked for', () => {
  expect(withTexts('graphql(`{ node { ... on User { id } } }`)', fragments)).toBe('"{ node { ... on User { id } } }"');
});

test('a fragment that is nowhere stops the build', () => {
  expect(() => withTexts('graphql(`{ a { ...Nowhere } }`)', fragments)).toThrow('no fragment Nowhere');
});

test('other code stays as it is', () => {
  expect(withTexts("import { graphql } from '../gql';", fragments)).toBe("import { graphql } from '../gql';");
});
