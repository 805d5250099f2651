// Looks whether every class of Mantine that the built pages use has its styles there, too. Runs after the build.
import { readdir, readFile } from 'node:fs/promises';

const built = new URL('../dist/assets/hashed/', import.meta.url);
const parts = new URL('../node_modules/@mantine/core/styles/', import.meta.url);
const classesOf = (text) => new Set(text.match(/\bm_[0-9a-f]{6,8}\b/g) ?? []);
const textOf = async (folder, ending) => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending) && !name.endsWith('.layer.css'));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })));
};

const scripts = await textOf(built, '.js');
const used = classesOf(scripts.map(({ text }) => text).join('\n'));
const styles = await textOf(built, '.css');
const styled = classesOf(styles.map(({ text }) => text).join('\n'));
const isMissing = (name) => used.has(name) && !styled.has(name);
const missing = (await textOf(parts, '.css')).filter(({ text }) => [...classesOf(text)].some(isMissing));
if (missing.length > 0) {
  console.error(`src/ui/mantine.css must import these: ${missing.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
