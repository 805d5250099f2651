// One's own profile and sessions: a name, a new password, a session that ends elsewhere.
import assert from 'node:assert/strict';
import { ask, invite, mutate, PASSWORD } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';
import { ADMIN } from './opening.mjs';
import { told } from './row.mjs';

const OTHER_PASSWORD = 'copper kettles never apologise';

export async function sessions(admin) {
  await step('a user changes their name', async () => {
    await admin.goto(`${url}/profile`);
    await admin.getByLabel('Your name').fill('Ada Lovelace');
    await admin.getByRole('button', { name: 'Change name' }).click();
    await told(admin, 'Your name is changed');
    await admin.getByRole('banner').getByText('Ada Lovelace').waitFor();
    await inspect(admin, 'profile');
  });
  await step('a session that is ended elsewhere leads back to its page after signing in', () => endedElsewhere(admin));
  await step('a new password ends all other sessions', () => newPassword(admin));
  await step('leaving asks for the address', () => leaving(admin));
  await step('signing out and in again', () => signsOut(admin));
}

/** Types the address and a password into the page to sign in. */
export async function signIn(page, email, password) {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function endedElsewhere(admin) {
  const other = await person();
  await other.goto(`${url}/acme/sign-in`);
  await other.getByLabel('Email').waitFor();
  await inspect(other, 'sign-in');
  await signIn(other, ADMIN, 'not the password');
  await other.getByText('do not belong together').waitFor();
  await inspect(other, 'sign-in-refused');
  await signIn(other, ADMIN, PASSWORD);
  await other.getByText('(you)').waitFor();
  await other.goto(`${url}/users?role=ADMIN&order=EMAIL.ASC`);
  await other.getByText('(you)').waitFor();

  await admin.reload();
  await admin.getByRole('button', { name: 'End', exact: true }).click();
  await told(admin, 'The session is ended');
  // The page notices by itself.
  await other.waitForURL(/sign-in\?next=/);
  await signIn(other, ADMIN, PASSWORD);
  await other.waitForURL(/users\?role=.*order=EMAIL.ASC/);
  await other.getByText('(you)').waitFor();
  await other.context().close();
}

async function newPassword(admin) {
  const { token } = await mutate(admin, 'createApiKey', { name: 'Nightly report', scopes: ['USERS_READ'] }, 'token');
  await admin.reload();
  await admin.getByText('Otherwise these are revoked: Nightly report').waitFor();
  const other = await person();
  await other.goto(`${url}/acme/sign-in`);
  await signIn(other, ADMIN, PASSWORD);
  await other.getByText('(you)').waitFor();
  await admin.getByLabel('Current password').fill('not the password');
  await admin.getByRole('textbox', { name: 'New password' }).fill(OTHER_PASSWORD);
  await admin.getByRole('button', { name: 'Change password' }).click();
  await admin.getByText(/current password is wrong/i).waitFor();
  await inspect(admin, 'password-refused');
  const list = await admin.context().newPage();
  await list.goto(`${url}/users`);
  await list.getByText('(you)').waitFor();
  await admin.getByLabel('Current password').fill(PASSWORD);
  await admin.getByRole('checkbox', { name: 'Keep my API keys working' }).check();
  await admin.getByRole('button', { name: 'Change password' }).click();
  await told(admin, 'Your password is changed');
  // The other tab has the new session, too: its list stays live.
  await invite(admin, 'late@acme.example');
  await list.getByRole('link', { name: 'late@acme.example' }).waitFor();
  await list.close();
  const kept = await ask('{ viewer { user { id } } }', {}, token);
  assert.ok(kept.data.viewer, JSON.stringify(kept));
  // The page may have noticed by itself, and be on its way.
  await other.goto(`${url}/users`).catch(() => {});
  await other.waitForURL(/sign-in/);
  await signIn(other, ADMIN, OTHER_PASSWORD);
  await other.getByText('(you)').waitFor();
  await other.context().close();
}

async function leaving(admin) {
  await admin.getByRole('button', { name: /^Leave/ }).click();
  await admin.getByRole('dialog', { name: /^Leave/ }).waitFor();
  await inspect(admin, 'leave');
  await admin.getByRole('button', { name: 'Cancel' }).click();
  await admin.getByRole('dialog').waitFor({ state: 'detached' });
}

async function signsOut(admin) {
  const other = await admin.context().newPage();
  await other.goto(`${url}/api-keys`);
  await other.getByRole('heading', { name: 'API keys', exact: true }).waitFor();
  await admin.getByRole('button', { name: 'Ada Lovelace' }).click();
  await admin.getByRole('menuitem', { name: 'Sign out' }).click();
  await admin.waitForURL(/sign-in/);
  // The other tab learns it at once.
  await other.waitForURL(/sign-in/);
  await other.close();
  await signIn(admin, ADMIN, OTHER_PASSWORD);
  await admin.getByText('(you)').waitFor();
}
