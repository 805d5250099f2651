// Which texts are in which catalogue. `npm run texts` puts new ones in.
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

// What the list of users shows at once. The rest is loaded with the first other page or dialog. `npm run size` says what is missing here.
const START = [
  'src/api',
  'src/app.tsx',
  'src/bulk/answer.ts',
  'src/bulk/undo.ts',
  'src/session/session-gate.tsx',
  'src/shell/color-scheme-switch.tsx',
  'src/shell/connection-line.tsx',
  'src/shell/help-button.tsx',
  'src/shell/routes.ts',
  'src/shell/shell.tsx',
  'src/shell/viewer-menu.tsx',
  'src/ui',
  'src/users/!(*-dialog|*-choice|change-text).ts*',
  'src/views/views-menu.tsx',
  'src/views/views.ts',
];

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de'],
  runtimeConfigModule: { Trans: ['#trans', 'Trans'] },
  catalogs: [
    { path: 'src/locales/{locale}/start', include: START },
    {
      path: 'src/locales/{locale}/more',
      include: ['src'],
      exclude: START.map((path) => (/\.ts/.test(path) ? path : `${path}/**`)),
    },
  ],
  // Without line numbers, a change of code changes no catalogue.
  format: formatter({ lineNumbers: false }),
  orderBy: 'message',
});
