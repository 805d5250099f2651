// Tells the script that runs before the first paint which languages there are, and where the texts of the first page are.
import type { Plugin } from 'vite';
import { LANGUAGES } from '../src/language/languages.ts';

/** The plugin for Vite. */
export function languages(): Plugin {
  return {
    name: 'languages',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const textsOf = (tag: string) => {
          const file = Object.values(bundle ?? {}).find(
            (one) => one.type === 'chunk' && one.facadeModuleId?.endsWith(`/locales/${tag}/start.po`),
          );
          return file && `/${file.fileName}`;
        };
        const all = Object.entries(LANGUAGES).map(([tag, { lang, dir }]) => [tag, { lang, dir, texts: textsOf(tag) }]);
        return html.replace('<html lang="en">', `<html lang="en" data-languages='${JSON.stringify(Object.fromEntries(all))}'>`);
      },
    },
  };
}
