// What holds for the whole account.
import assert from 'node:assert/strict';
import { mutate } from '../api.mjs';
import { inspect, step, url } from '../stage.mjs';
import { told } from './row.mjs';

export async function account(admin) {
  await step('the account is renamed; invitations work for longer', async () => {
    await admin.goto(`${url}/account`);
    await admin.getByLabel('Name').waitFor();
    await inspect(admin, 'account');
    await admin.getByLabel('Name').fill('Acme Laboratories');
    await admin.getByLabel('Invitations work for').fill('721');
    await admin.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'The account is updated');
    await admin.getByRole('banner').getByText('Acme Laboratories').waitFor();
  });
  await step('what another admin changed of it meanwhile is not overwritten', async () => {
    await admin.getByLabel('Name').fill('Acme Mills');
    await mutate(admin, 'updateAccount', { name: 'Acme Factory' }, 'account { id }');
    await admin.getByRole('button', { name: 'Update' }).click();
    await admin.getByText('Somebody else has changed the account').waitFor();
    await inspect(admin, 'account-conflict');
    await admin.getByRole('button', { name: 'Show what is new' }).click();
    assert.equal(await admin.getByLabel('Name').inputValue(), 'Acme Factory');
    await admin.getByLabel('Name').fill('Acme Works');
    await admin.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'The account is updated');
  });
}
