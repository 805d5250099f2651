// How large the first load of the list of users is: the scripts that index.html asks for at once, those of the page, and the texts of the
// largest language, compressed; and how many files they are. Fails where it is too much, and if a text is in none of these files.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const MAX = 200_000;
// With the page itself, its styles and icon, and seven requests for data, that makes less than 20.
const MAX_FILES = 10;

const dist = path.resolve(import.meta.dirname, '../dist');
const hashed = 'assets/hashed';
const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
const tags = page.match(/<(?:script|link)\b[^>]*>/g) ?? [];
const named = tags
  .filter((tag) => tag.startsWith('<script') || tag.includes('rel="modulepreload"'))
  .flatMap((tag) => tag.match(/(?:src|href)="\/([^"]+)"/)?.[1] ?? []);
if (!named.some((file) => file.includes('/index-'))) throw new Error('dist/index.html names no entry: build the pages first');
const list = readdirSync(path.join(dist, hashed)).find((file) => /^users-page-.*\.js$/.test(file));
if (!list) throw new Error('dist has no list of users');

const files = new Set([...named, `${hashed}/${list}`]);
for (const file of files) {
  const text = readFileSync(path.join(dist, file), 'utf8');
  for (const [, imported] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.~-]+\.js)["']/g)) files.add(`${hashed}/${imported}`);
}
const rest = readdirSync(path.join(dist, hashed)).filter((file) => /^more-.*\.js$/.test(file));
const later = rest.map((file) => readFileSync(path.join(dist, hashed, file), 'utf8')).join();
const textsOf = ({ texts }) => (texts ? [texts.slice(1)] : []);
const languages = JSON.parse(page.match(/data-languages='([^']+)'/)?.[1] ?? '{}');
const ids = new Set(
  [...files].flatMap((file) =>
    [...readFileSync(path.join(dist, file), 'utf8').matchAll(/(?:\b_\(|\bid:)\s*[`"']([A-Za-z0-9+/]{6})[`"']/g)].map(
      ([, id]) => id,
    ),
  ),
);
const texts = Object.values(languages).flatMap(textsOf);
if (texts.length === 0) throw new Error('dist/index.html names no texts');
for (const file of texts) {
  const text = readFileSync(path.join(dist, file), 'utf8');
  const missing = [...ids].filter((id) => !text.includes(`"${id}"`) && later.includes(`"${id}"`));
  if (missing.length > 0) {
    console.error(
      `${file} lacks texts that the first load shows: ${missing.join(' ')}. Add their folder to START in lingui.config.ts.`,
    );
    process.exit(1);
  }
}
files.add(texts.sort((a, b) => sizeOf(b) - sizeOf(a))[0]);
const sizes = [...files].map((file) => ({ file, bytes: sizeOf(file) }));
const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
for (const { file, bytes } of [
  ...sizes,
  { file: `first load: ${files.size} scripts (at most ${MAX_FILES}, 200.0 kB)`, bytes: sum },
]) {
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${file}`);
}
if (sum > MAX || files.size > MAX_FILES) {
  console.error(`the first load is larger than ${MAX / 1000} kB or ${MAX_FILES} scripts: load what is rare when it is needed`);
  process.exit(1);
}

function sizeOf(file) {
  return gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length;
}
