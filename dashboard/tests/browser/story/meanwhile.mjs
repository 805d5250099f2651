// What happens meanwhile: others change what one looks at, the connection is lost.
import assert from 'node:assert/strict';
import { invite, mutate } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';
import { choose, find, rowOf, told } from './row.mjs';

const EMAIL = 'zoe@acme.example';

export async function meanwhile(admin) {
  const other = await person({ storageState: await admin.context().storageState() });
  await other.goto(`${url}/overview`);
  const id = await step('what another browser changes appears without loading again', () => live(admin, other));
  await step('a change by another admin is shown, and not overwritten', () => conflict(admin, other, id));
  await other.context().close();
  await step('without a connection nothing that was typed is lost', () => offline(admin));
}

async function live(admin, other) {
  await admin.goto(`${url}/users?q=zoe`);
  await admin.getByText('No users match').waitFor();
  await admin.evaluate(() => {
    globalThis.isStillHere = true;
  });
  const id = await invite(other, EMAIL);
  await admin.getByRole('link', { name: EMAIL }).waitFor();
  assert.equal(await admin.evaluate(() => globalThis.isStillHere), true, 'the page was not loaded again');
  return id;
}

async function conflict(admin, other, id) {
  await choose(admin, EMAIL, 'Manage user');
  const dialog = admin.getByRole('dialog', { name: /^Manage / });
  await dialog.getByRole('radio', { name: 'Editor' }).check();
  await dialog.getByRole('checkbox', { name: 'Google' }).uncheck();
  await mutate(other, 'updateUser', { id, role: 'ADMIN' });
  await dialog.getByText('Someone else has changed this user').waitFor();
  assert.equal(await dialog.getByRole('radio', { name: 'Editor' }).isChecked(), true, 'what was chosen is kept');
  assert.equal(await dialog.getByRole('checkbox', { name: 'Google' }).isChecked(), false);
  await inspect(admin, 'conflict');
  await dialog.getByRole('button', { name: 'Show what is new' }).click();
  assert.equal(await dialog.getByRole('radio', { name: 'Admin' }).isChecked(), true, 'then what is new is shown');
  await dialog.getByRole('radio', { name: 'Viewer' }).check();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await told(admin, `${EMAIL} is now Viewer`);
  await rowOf(admin, EMAIL).getByText('Viewer').waitFor();
}

async function offline(admin) {
  const email = 'off@acme.example';
  await admin.context().setOffline(true);
  await admin.getByText('You are offline').waitFor();
  await admin.getByRole('button', { name: 'Invite user' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Invite user' });
  await dialog.getByLabel('Email', { exact: true }).fill(email);
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog.getByText('cannot be reached').waitFor();
  await inspect(admin, 'offline');
  await admin.context().setOffline(false);
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await told(admin, `${email} is invited`);
  await admin.getByText('You are offline').waitFor({ state: 'detached' });
  await find(admin, email);
}
