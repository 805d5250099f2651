// Opens /graphiql of a `roster dev` in a real browser, with a session cookie and with a token:
//   node scripts/graphiql-in-a-browser.mjs URL TOKEN EMAIL
// Exits with 1 and a sentence where it does not work, or where the page reports a problem. SCREENSHOTS=folder keeps a picture.
// The driver is looked for in target/test-tools/browser; to put it there:
//   npm install --prefix target/test-tools/browser playwright-core@1.65.1
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// How long one action may take: only what never happens takes so long.
const TIMEOUT = 120_000;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const [url, token, email] = process.argv.slice(2);
const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'target', 'test-tools', 'browser');
const { chromium } = createRequire(path.join(process.env.BROWSER_TOOLS ?? beside, 'package.json'))('playwright-core');
const browser = await start().catch(start);
const problems = [];

try {
  await withoutAndWithAToken();
  await withACookie();
} finally {
  await browser.close();
}
assert.deepEqual(problems, [], 'the page reports problems');
console.log('GraphiQL is as it should be');

function start() {
  const executablePath = execFileSync('/bin/sh', ['-c', 'command -v chromium']).toString().trim();
  return chromium.launch({ executablePath, args: FLAGS, timeout: TIMEOUT });
}

async function open(cookies) {
  const context = await browser.newContext();
  await context.addCookies(cookies);
  context.setDefaultTimeout(TIMEOUT);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) problems.push(`${request.url()} is not of this server`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.url()}: ${response.status()}`);
  });
  await page.goto(`${url}/graphiql`);
  await page.locator('.graphiql-execute-button').waitFor();
  return page;
}

async function answers(page, text) {
  await page.locator('.graphiql-execute-button').click();
  await page.locator('.result-window').filter({ hasText: text }).waitFor();
}

/** Waits until introspection has loaded: the documentation explorer shows the descriptions. */
async function knowsTheSchema(page) {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().click();
  await page.locator('.graphiql-doc-explorer').getByText('The signed-in user and their account. Null if no user is signed in.').waitFor();
}

async function withoutAndWithAToken() {
  const page = await open([]);
  await knowsTheSchema(page);
  await answers(page, '"viewer": null');
  await page.getByRole('button', { name: 'Headers' }).click();
  await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror').click();
  await page.keyboard.insertText(JSON.stringify({ authorization: `Bearer ${token}` }));
  await answers(page, email);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: path.join(process.env.SCREENSHOTS, 'graphiql.png') });
}

async function withACookie() {
  const page = await open([{ name: `roster_session_${new URL(url).port}`, value: token, url, httpOnly: true, sameSite: 'Lax' }]);
  await answers(page, email);
}
