// A key of the account: shown once, used, named in the audit log, revoked.
import assert from 'node:assert/strict';
import { ask } from '../api.mjs';
import { inspect, step, url } from '../stage.mjs';
import { told } from './row.mjs';

const INVITE = 'mutation($input: InviteUserInput!) { inviteUser(input: $input) { userId user { id } userErrors { code } } }';

export async function serviceKeys(admin) {
  await step('a service key is created, used and revoked', async () => {
    await admin.goto(`${url}/service-keys`);
    await admin.getByText('There are no service keys').waitFor();
    await inspect(admin, 'no-service-keys');
    const token = await create(admin);
    const input = { email: 'intranet@acme.example', role: 'VIEWER', authMethods: ['password'] };
    const invited = await ask(INVITE, { input }, token);
    assert.ok(invited.data.inviteUser.userId && !invited.data.inviteUser.user, JSON.stringify(invited));
    const admins = await ask(INVITE, { input: { ...input, email: 'boss@acme.example', role: 'ADMIN' } }, token);
    assert.equal(admins.errors[0].extensions.code, 'FORBIDDEN');
    await admin.goto(`${url}/audit-log`);
    await admin.getByText('a service key Intranet').first().waitFor();
    await admin.goto(`${url}/service-keys`);
    await admin.getByRole('table', { name: 'Service keys' }).getByText('Intranet', { exact: true }).waitFor();
    await inspect(admin, 'service-keys');
    await admin.getByRole('button', { name: 'Revoke Intranet' }).click();
    await inspect(admin, 'service-key-revoke');
    await admin.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await told(admin, 'is revoked');
    await admin.getByText('There are no service keys').waitFor();
    const refused = await ask('{ users(first: 1) { totalCount } }', {}, token);
    assert.equal(refused.errors[0].extensions.code, 'UNAUTHENTICATED');
  });
}

async function create(admin) {
  await admin.getByRole('button', { name: 'Create service key' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Intranet');
  await dialog.getByRole('checkbox', { name: 'see users' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'invite and change users' }).check();
  await inspect(admin, 'service-key-create');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  const token = await dialog.getByRole('textbox', { name: 'Token' }).inputValue();
  assert.match(token, /^roster_a_/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  return token;
}
