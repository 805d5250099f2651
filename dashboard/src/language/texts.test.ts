// Rules that tools of translators cannot see: text that is in no catalogue, texts that are made before the language is known, and directions.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, type types } from '@babel/core';
import { expect, test } from 'vitest';

const source = path.resolve(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('gql'));
const code = files.filter((name) => /(?<!\.test)\.tsx?$/.test(name));
/** Attributes whose texts people read. */
const TEXTS = ['alt', 'aria-label', 'description', 'label', 'placeholder', 'title', 'verb'];
const isText = (text: string) => /\p{L}{2,}/u.test(text);
type Node = types.Node;

const options = { babelrc: false, configFile: false, parserOpts: { plugins: ['typescript' as const, 'jsx' as const] } };
const trees = code.map((name) => ({ name, tree: parseSync(readFileSync(path.join(source, name), 'utf8'), options)?.program }));

/** Runs for every node, with those that contain it, the innermost last. */
function visit(node: unknown, within: Node[], see: (node: Node, within: readonly Node[]) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, within, see);
  if (typeof node !== 'object' || node === null || !('type' in node) || typeof node.type !== 'string') return;
  see(node as Node, within);
  within.push(node as Node);
  for (const key in node) if (key !== 'loc') visit((node as unknown as Record<string, unknown>)[key], within, see);
  within.pop();
}

function found(judge: (node: Node, within: readonly Node[]) => string | null): string[] {
  const bad: string[] = [];
  for (const { name, tree } of trees) {
    visit(tree, [], (node, within) => {
      const what = judge(node, within);
      if (what !== null) bad.push(`${name}:${node.loc?.start.line}: ${what}`);
    });
  }
  return bad;
}

const nameOf = (node: Node) =>
  node.type === 'JSXElement' && node.openingElement.name.type === 'JSXIdentifier' ? node.openingElement.name.name : '';
const isNotForTranslation = (node: Node) =>
  node.type === 'JSXElement' &&
  node.openingElement.attributes.some((one) => one.type === 'JSXAttribute' && one.name.name === 'translate');

test('text between tags is in a catalogue', () => {
  const isKnown = (node: Node) => ['Trans', 'Plural'].includes(nameOf(node)) || isNotForTranslation(node);
  expect(
    found((node, within) => (node.type === 'JSXText' && isText(node.value) && !within.some(isKnown) ? node.value.trim() : null)),
  ).toEqual([]);
});

test('attributes that people read are in a catalogue', () => {
  expect(
    found((node) => {
      if (node.type !== 'JSXAttribute' || node.value?.type !== 'StringLiteral' || !TEXTS.includes(String(node.name.name)))
        return null;
      // Names of the parts of lists are no texts.
      return isText(node.value.value) && /[\sA-Z]/.test(node.value.value) ? node.value.value : null;
    }),
  ).toEqual([]);
});

test('no text is made before the language is known: outside of functions there is `msg` only', () => {
  const isFunction = (node: Node) => /Function|Method/.test(node.type);
  expect(
    found((node, within) => {
      const called = node.type === 'TaggedTemplateExpression' ? node.tag : node.type === 'CallExpression' ? node.callee : null;
      if (called?.type !== 'Identifier' || !['t', 'plural'].includes(called.name)) return null;
      return within.some(isFunction) ? null : called.name;
    }),
  ).toEqual([]);
});

test('styles have no left and right: some languages are read from the other side', () => {
  const PHYSICAL =
    /(?:margin|padding|border)-(?:left|right)|(?:^|[\s;{])(?:left|right):|text-align:\s*(?:left|right)|float:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)/;
  const PROPS =
    /\s(?:ml|mr|pl|pr)=|\b(?:margin|padding|border)(?:Left|Right)\b|textAlign: '(?:left|right)'|\sta="(?:left|right)"/;
  const bad = files.flatMap((name) => {
    const rule = name.endsWith('.css') ? PHYSICAL : name.endsWith('.tsx') ? PROPS : null;
    if (!rule) return [];
    const lines = readFileSync(path.join(source, name), 'utf8').split('\n');
    return lines.flatMap((line, at) => (rule.test(line) ? [`${name}:${at + 1}: ${line.trim()}`] : []));
  });
  expect(bad).toEqual([]);
});
