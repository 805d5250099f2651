// Which texts are in which catalogue. `npm run texts` puts new ones in.
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

// What the list of users shows at once, and what every page shares. The rest is loaded with the first other page or dialog.
const START = ['api', 'app.tsx', 'bulk', 'session', 'shell', 'ui', 'unsaved', 'users'].map((name) => `src/${name}`);

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de'],
  catalogs: [
    { path: 'src/locales/{locale}/start', include: START },
    {
      path: 'src/locales/{locale}/more',
      include: ['src'],
      exclude: START.map((path) => (path.endsWith('.tsx') ? path : `${path}/**`)),
    },
  ],
  // Without line numbers, a change of code changes no catalogue.
  format: formatter({ lineNumbers: false }),
  orderBy: 'message',
});
