// The first account: from the welcome link to an empty list.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { PASSWORD } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';

export const ADMIN = 'ada@acme.example';
const MAX_BYTES = 200_000;

/** Opens the account as its first admin. */
export async function opening() {
  const admin = await person();
  await step('the welcome link opens the first account', async () => {
    await admin.goto(process.env.WELCOME_LINK);
    await admin.getByLabel('Name of the account').fill('Acme Works');
    await admin.getByLabel('Short name').fill('acme');
    await admin.getByLabel('Your email').fill(ADMIN);
    await inspect(admin, 'welcome');
    await refusals(admin);
    await admin.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await admin.getByRole('button', { name: 'Open the account' }).click();
    await admin.getByText('(you)').waitFor();
    await inspect(admin, 'first-user');
  });
  await step('what a browser loads first is less than 200 kB', () => isSmall());
}

async function refusals(admin) {
  await admin.getByRole('textbox', { name: 'Password' }).fill('password1234');
  await admin.getByRole('button', { name: 'Open the account' }).click();
  await admin.getByText('easy to guess').waitFor();
  await inspect(admin, 'welcome-refused');
  assert.equal(await admin.getByLabel('Name of the account').inputValue(), 'Acme Works', 'what was typed is kept');
}

/** What index.html loads at once, as a server that compresses sends it. */
async function isSmall() {
  const html = await text(`${url}/sign-in`);
  const files = [...html.matchAll(/<(?:script|link)[^>]*?(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path);
  assert.ok(files.some((file) => file.endsWith('.js')) && files.some((file) => file.endsWith('.css')), html);
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await text(new URL(file, url)), { level: 9 }).length;
  console.log(`   ${files.length} files, ${bytes} bytes compressed`);
  assert.ok(bytes < MAX_BYTES, `${bytes} bytes in ${files.join(', ')}`);
}

async function text(address) {
  const response = await fetch(address);
  assert.equal(response.status, 200, String(address));
  return response.text();
}
