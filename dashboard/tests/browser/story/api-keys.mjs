// A key for a program: shown once, used, revoked.
import assert from 'node:assert/strict';
import { ask } from '../api.mjs';
import { inspect, step, url } from '../stage.mjs';
import { told } from './row.mjs';

export async function apiKeys(admin) {
  await step('an API key is made, used and revoked', async () => {
    await admin.goto(`${url}/api-keys`);
    await admin.getByText('There are no API keys').waitFor();
    await inspect(admin, 'no-api-keys');
    const token = await create(admin);
    const users = await ask('{ users(first: 1) { totalCount } }', {}, token);
    assert.ok(users.data.users.totalCount > 10, JSON.stringify(users));
    await admin.reload();
    await admin.getByRole('table', { name: 'API keys' }).getByText('Directory sync', { exact: true }).waitFor();
    await inspect(admin, 'api-keys');
    await admin.getByRole('button', { name: 'Revoke Directory sync' }).click();
    await inspect(admin, 'api-key-revoke');
    await admin.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await told(admin, 'is revoked');
    await admin.getByText('There are no API keys').waitFor();
    const refused = await ask('{ users(first: 1) { totalCount } }', {}, token);
    assert.equal(refused.errors[0].extensions.code, 'UNAUTHENTICATED');
    await admin.getByRole('checkbox', { name: 'Show keys that have ended' }).check();
    await admin.getByText('revoked').first().waitFor();
    await inspect(admin, 'api-keys-ended');
  });
}

async function create(admin) {
  await admin.getByRole('button', { name: 'Create API key' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog.getByText(/name is/i).waitFor();
  await inspect(admin, 'api-key-refused');
  await dialog.getByLabel('Name').fill('Directory sync');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  const shown = dialog.getByRole('textbox', { name: 'Token' });
  const token = await shown.inputValue();
  assert.match(token, /^roster_k_/);
  // The picture shows that it is one, and no more.
  await shown.evaluate((element) => {
    element.value = `roster_k_${'x'.repeat(43)}`;
  });
  await inspect(admin, 'api-key-token');
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await admin.evaluate(() => navigator.clipboard.readText()), token);
  await dialog.getByRole('button', { name: 'Done' }).click();
  return token;
}
