// Lays a smaller form of every file that browsers load beside it, in the two ways that they take. Runs after the build.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const folder = new URL('../dist/assets/', import.meta.url).pathname;
const text = (size) => ({
  params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: size },
});

const names = await readdir(folder, { recursive: true });
const worthIt = names.filter((name) => /\.(js|css|svg)$/.test(name));
await Promise.all(
  worthIt.map(async (name) => {
    const file = path.join(folder, name);
    const content = await readFile(file);
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, text(content.length)));
  }),
);
