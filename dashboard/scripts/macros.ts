// Compiles what Lingui's macros stand for, in the files that use them. In a build only the short id of a text remains in the code.
import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';

const USES = /from ['"]@lingui\/(?:core|react)\/macro['"]/;

/** The plugin for Vite. */
export function macros(): Plugin {
  return {
    name: 'macros',
    enforce: 'pre',
    async transform(code, id) {
      if (!USES.test(code) || id.includes('/node_modules/')) return null;
      const compiled = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: ['@lingui/babel-plugin-lingui-macro'],
      });
      return compiled?.code ? { code: compiled.code, map: compiled.map } : null;
    },
  };
}
