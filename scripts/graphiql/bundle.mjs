// Bundles graphiql.js and its style: node bundle.mjs FOLDER
// Writes graphiql.js.gz and graphiql.css.gz there, the same bytes for the same package-lock.json.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const folder = process.argv[2];
const { outputFiles, metafile } = await build({
  entryPoints: ['graphiql.js'],
  outfile: 'graphiql.js',
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: 'iife',
  target: 'es2020',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
});

for (const { path: file, text } of outputFiles) {
  const name = path.basename(file);
  // The fonts of GraphiQL are two thirds of its style; those of the system do as well.
  const content = name.endsWith('.css') ? text.replaceAll(/@font-face\{[^}]*\}/g, '') : `${text}\n/*\n${licences()}*/\n`;
  const compressed = gzipSync(content, { level: 9 });
  writeFileSync(path.join(folder, `${name}.gz`), compressed);
  console.log(`${name}.gz: ${compressed.length} bytes, ${content.length} before compression`);
}

/** The notice of every package that was bundled: their licences ask for it to be kept. */
function licences() {
  const packages = Object.keys(metafile.inputs).map((input) => input.match(/^.*node_modules\/(@[^/]+\/[^/]+|[^/]+)/)?.[0]);
  const notices = new Map();
  for (const root of [...new Set(packages)].filter(Boolean).sort()) {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const file = readdirSync(root).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(path.join(root, file), 'utf8').trim().replaceAll('*/', '* /') : `Licence: ${license}`;
    notices.set(text, [...(notices.get(text) ?? []), `${name} ${version}`]);
  }
  return [...notices].map(([text, names]) => `${names.join(', ')}\n\n${text}\n\n`).join('');
}
