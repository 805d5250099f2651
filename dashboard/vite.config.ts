import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import type { Plugin, ProxyOptions } from 'vite';
import { defineConfig } from 'vitest/config';
import { documents } from './scripts/documents.ts';
import { languages } from './scripts/languages.ts';
import { macros } from './scripts/macros.ts';

// Where the server is that the pages talk to while one develops: `make run` listens there.
const server = process.env.ROSTER_URL ?? 'http://127.0.0.1:8080';

// What the server must send with the pages; `npm run preview` sends the same, so that a page that needs more is noticed.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

// The server takes the session cookie from pages of its own origin only: for it, the pages come from there.
const toServer: ProxyOptions = {
  target: server,
  ws: true,
  configure: (proxy) => {
    proxy.on('proxyReq', (request) => request.setHeader('origin', server));
    proxy.on('proxyReqWs', (request) => request.setHeader('origin', server));
  },
};

// Paths that the server answers itself: the API, files for auditors, the way to a provider and back, captured mail.
const proxy = Object.fromEntries(
  [
    '/graphql',
    '/history/export',
    '/users/export',
    '/sign-in/',
    '/mailbox',
    '/graphiql',
    '/assets/icon.svg',
    '/assets/page.css',
  ].map((path) => [`^${path}`, toServer]),
);

// What most pages need is one file, what the frame of every page needs and what the list of users shares with few others are two more: each request costs a slow network more
// than some bytes. Dialogs come when they are opened, or when the page has nothing else to do.
const DIALOG =
  /\/(Modal|ModalBase|Radio|Progress)|remove-scroll|sidecar|style-singleton|callback-ref|tslib|form-dialog|loss-dialog|confirm-dialog/;
const GROUPS = [
  { name: 'shared', minShareCount: 7, test: (id: string) => !DIALOG.test(id), priority: 4 },
  {
    name: 'frame',
    minShareCount: 1,
    test: /src\/(api\/|session\/(?!session-lost|sign-again)|ui\/(error-boundary|lazy-part|states|words|notify))|core\/esm\/components\/Menu\//,
    priority: 3,
  },
  {
    name: 'list',
    minShareCount: 2,
    test: /src\/(ui\/(export-link|count|spreadsheet|pager)|compare\/compare-state|users\/(row-menu|status-chip|method-icons|queries|mutations|resend-(all|failed\.)|use-user-actions|user-actions|reveal-link|last-list))|use-debounced|ComboboxChevron/,
    priority: 2,
  },
  { name: 'dialog', minShareCount: 2, test: DIALOG, priority: 1 },
];

// Mantine has ten shades of each color; the pages use few colors.
const UNUSED_COLORS = /--mantine-color-(?:pink|grape|violet|indigo|cyan|teal|lime|yellow)-[\w-]+:[^;}]+;?/g;

const withoutUnusedColors: Plugin = {
  name: 'without-unused-colors',
  enforce: 'post',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = String(file.source).replace(UNUSED_COLORS, '');
    }
  },
};

export default defineConfig({
  plugins: [documents(), macros(), react(), lingui({ failOnMissing: true }), languages(), withoutUnusedColors],
  // What the shim stands for is part of React.
  resolve: { alias: [{ find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: 'react' }] },
  test: { setupFiles: 'src/language/in-tests.ts' },
  server: { proxy },
  preview: { proxy, headers: { 'content-security-policy': policy } },
  // The server lets browsers keep what lies in `hashed` for good.
  build: {
    target: 'es2022',
    assetsDir: 'assets/hashed',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
});
