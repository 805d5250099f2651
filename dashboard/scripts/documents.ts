// Puts each document, with the fragments that it uses, as a text in place of its `graphql(…)`. What the code generator makes stays in
// use for its types only: its map would bring the documents of all pages into the first load.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

const CALLS = /\bgraphql\(`([^`]*)`\)/g;

interface Fragment {
  text: string;
  /** Where it is written. */
  file: string;
}

/** The plugin for Vite. */
export function documents(): Plugin {
  const source = path.resolve(import.meta.dirname, '../src');
  return {
    name: 'documents',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(source) || id.includes('/gql/') || !code.includes('graphql(`')) return null;
      const fragments = fragmentsIn(source);
      for (const { file } of fragments.values()) this.addWatchFile(file);
      return { code: withTexts(code, fragments), map: null };
    },
  };
}

/** The code with texts in place of its documents. Fails where a fragment is nowhere. */
export function withTexts(code: string, fragments: ReadonlyMap<string, Pick<Fragment, 'text'>>): string {
  return code.replace(CALLS, (_, document: string) => {
    const used = new Set<string>();
    const parts = [document];
    for (const part of parts) {
      for (const [, name = ''] of part.matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)) {
        if (used.has(name)) continue;
        used.add(name);
        const fragment = fragments.get(name);
        if (!fragment) throw new Error(`there is no fragment ${name}`);
        parts.push(fragment.text);
      }
    }
    return JSON.stringify(parts.join(' ').replace(/\s+/g, ' ').trim());
  });
}

function fragmentsIn(source: string): Map<string, Fragment> {
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const files = names.map((name) => path.join(source, name));
  return new Map(
    files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(CALLS)].flatMap(([, text = '']): [string, Fragment][] => {
        const name = text.match(/^\s*fragment\s+(\w+)/)?.[1];
        return name ? [[name, { text, file }]] : [];
      }),
    ),
  );
}
