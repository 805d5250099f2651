// How large the first load is: the scripts that index.html asks for at once, compressed. Fails where it is too large.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const MOST = 200_000;

const dist = path.resolve(import.meta.dirname, '../dist');
const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
const tags = page.match(/<(?:script|link)\b[^>]*>/g) ?? [];
const files = tags
  .filter((tag) => tag.startsWith('<script') || tag.includes('rel="modulepreload"'))
  .flatMap((tag) => tag.match(/(?:src|href)="([^"]+)"/)?.[1] ?? []);
if (!files.some((file) => file.includes('/index-'))) throw new Error('dist/index.html names no entry: build the pages first');

const sizes = files.map((file) => ({ file, bytes: gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length }));
const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
for (const { file, bytes } of [...sizes, { file: 'first load (at most 200.0 kB)', bytes: sum }]) {
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${file}`);
}
if (sum > MOST) {
  console.error(`the first load is larger than ${MOST / 1000} kB: load what is rare when it is needed`);
  process.exit(1);
}
