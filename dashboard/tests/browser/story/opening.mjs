// The first account: from the link that the server prints to an empty list.
import assert from 'node:assert/strict';
import { PASSWORD } from '../api.mjs';
import { inspect, person, step } from '../stage.mjs';

export const ADMIN = 'ada@acme.example';

/** Opens the account as its first admin: her browser, which shows the users. */
export async function opening({ name = 'Acme Works', isLookedAt = true } = {}) {
  const look = isLookedAt ? inspect : async () => {};
  const admin = await person({ permissions: ['clipboard-read', 'clipboard-write'] });
  await step('the welcome link opens the first account', async () => {
    await admin.goto(process.env.WELCOME_LINK);
    await admin.getByLabel('Name of the account').fill(name);
    await admin.getByLabel('Short name').fill('acme');
    await admin.getByLabel('Your email').fill(ADMIN);
    await look(admin, 'welcome');
    if (isLookedAt) await refusals(admin);
    await admin.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await admin.getByRole('button', { name: 'Open the account' }).click();
    await admin.getByText('(you)').waitFor();
    await look(admin, 'first-user');
  });
  return admin;
}

async function refusals(admin) {
  await admin.getByRole('textbox', { name: 'Password' }).fill('password1234');
  await admin.getByRole('button', { name: 'Open the account' }).click();
  await admin.getByText('easy to guess').waitFor();
  await inspect(admin, 'welcome-refused');
  assert.equal(await admin.getByLabel('Name of the account').inputValue(), 'Acme Works', 'what was typed is kept');
}
