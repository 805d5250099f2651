// `npm run texts` puts the texts of the code into the catalogues of src/locales, and removes those that are gone.
// With `--check` it changes nothing, and fails if a catalogue has a text too few, too many, or without its translation.
import { getCatalogs } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';

const isCheck = process.argv.includes('--check');
const config = getConfig();
const problems = [];

for (const catalog of await getCatalogs(config)) {
  if (!isCheck && !(await catalog.make({ clean: true, overwrite: false, locale: config.locales, orderBy: config.orderBy })))
    process.exit(1);
  const written = await catalog.collect();
  if (!written) process.exit(1);
  for (const locale of config.locales) {
    const kept = (await catalog.read(locale)) ?? {};
    const report = (what, ids, texts) =>
      problems.push(...ids.map((id) => `${catalog.getFilename(locale)}: ${what}: ${texts[id]?.message ?? id}`));
    report(
      'missing',
      Object.keys(written).filter((id) => !kept[id]),
      written,
    );
    report(
      'no longer in use',
      Object.keys(kept).filter((id) => !written[id] || kept[id]?.obsolete),
      kept,
    );
    report(
      'not translated',
      Object.keys(kept).filter((id) => written[id] && !kept[id]?.translation),
      kept,
    );
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error('Run `npm run texts`, and translate what is new: docs/languages.md');
  process.exit(isCheck ? 1 : 0);
}
