import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type ProxyOptions } from 'vite';

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

// Puts the documents that codegen has made in the place of the texts by which it would look them up: browsers load them once.
const documents: Plugin = {
  name: 'documents',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/src\/.*\.tsx?$/.test(id) || id.includes('/src/gql/')) return null;
    const text = /graphql\(`\s*(query|mutation|subscription|fragment) (\w+)[^`]*`\)/g;
    const ending = (kind: string) => (kind === 'fragment' ? 'FragmentDoc' : 'Document');
    const replaced = code.replace(text, (_, kind: string, name: string) => `documents.${name}${ending(kind)}`);
    if (replaced === code) return null;
    return replaced.replace(/import \{ graphql \} from '[./]+\/gql';/, "import * as documents from '/src/gql/graphql.ts';");
  },
};

export default defineConfig({
  plugins: [documents, react()],
  server: { proxy },
  preview: { proxy, headers: { 'content-security-policy': policy } },
  // The server lets browsers keep what lies in `hashed` for good.
  build: { target: 'es2022', assetsDir: 'assets/hashed', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
});
