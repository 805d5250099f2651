// The session ends while a form is filled in: the user signs in again, and goes on with what was typed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ask, PASSWORD } from '../api.mjs';
import { inspect, person, sessionCookie, step, until, url } from '../stage.mjs';
import { EVE } from './invitations.mjs';
import { ADMIN } from './opening.mjs';
import { choose } from './row.mjs';

// Attempts to sign in are counted: two admins take turns, and each session that begins is used for the next form.
const ADMINS = [ADMIN, 'grace.hopper@acme.example'];
// The page may meanwhile show something else.
const BRIEF = { timeout: 2000 };
const TYPED = 'half.typed@acme.example';
const SOURCE = path.resolve(import.meta.dirname, '../../../src');
const dialogOf = (page) => page.getByRole('dialog').last();
const inDialog = (label) => (page) => dialogOf(page).getByLabel(label, { exact: true });
const button = (name) => (page) => page.getByRole('button', { name, exact: true }).last();
const onRow = (email, entry) => (page) => choose(page, email, entry);
const press = (name) => (page) => page.getByRole('button', { name }).click();

/** Every form behind the sign-in: in which file, on which page, how it is opened, what is typed, and how it is sent. */
const FORMS = [
  { file: 'users/invite-dialog.tsx', at: '/users', open: press('Invite user'), field: inDialog('Email'), send: button('Invite') },
  {
    file: 'import/import-dialog.tsx',
    at: '/users',
    open: async (page) => {
      await press('Invite user')(page);
      await press('Invite many at once')(page);
    },
    field: (page) => dialogOf(page).getByLabel('People'),
    send: button('Preview'),
  },
  {
    file: 'users/manage-dialog.tsx',
    at: `/users?q=${EVE}`,
    open: onRow(EVE, 'Manage user'),
    field: (page) => dialogOf(page).getByRole('radio', { name: 'Admin' }),
    send: button('Update'),
  },
  {
    file: 'ui/confirm-dialog.tsx',
    at: `/users?q=${EVE}`,
    open: onRow(EVE, 'Delete'),
    field: (page) => dialogOf(page).getByRole('textbox'),
    send: button('Delete user'),
  },
  {
    file: 'bulk/bulk-dialog.tsx',
    at: `/users?q=${EVE}`,
    open: async (page) => {
      await page.getByRole('checkbox', { name: 'Select Eve Miller' }).check();
      await page.getByRole('region', { name: 'Selected users' }).getByRole('button', { name: 'Delete' }).click();
    },
    field: (page) => dialogOf(page).getByRole('textbox'),
    send: button('Delete 1 user'),
  },
  {
    file: 'views/name-dialog.tsx',
    at: '/users',
    open: async (page) => {
      await press('All users')(page);
      await page.getByRole('menuitem', { name: 'Save as view' }).click();
    },
    field: inDialog('Name of the view'),
    send: button('Save view'),
  },
  {
    file: 'keys/create-key-dialog.tsx',
    at: '/api-keys',
    open: press('Create API key'),
    field: inDialog('Name'),
    send: button('Create'),
  },
  {
    file: 'account/account-page.tsx',
    at: '/account',
    field: (page) => page.getByLabel('Name', { exact: true }),
    send: button('Update'),
  },
  { file: 'profile/name-form.tsx', at: '/profile', field: (page) => page.getByLabel('Your name'), send: button('Change name') },
  {
    file: 'profile/profile-page.tsx',
    at: '/profile',
    field: (page) => page.getByLabel('Current password'),
    send: button('Change password'),
  },
];

export async function typing() {
  await step('every form is tried', isComplete);
  const sessions = ADMINS.map(() => null);
  for (const [index, form] of FORMS.entries()) {
    const turn = index % ADMINS.length;
    await step(`what is typed survives: ${form.file}`, async () => {
      sessions[turn] = await survives(form, ADMINS[turn], sessions[turn] ?? (await newSession(ADMINS[turn])));
    });
  }
  await step('no other person sees what was typed', notForOthers);
  await step('a list that holds no input goes to sign in, and comes back', leaves);
}

// What these forms take stays in the page: nothing is sent.
const UNSENT = ['shell/time-zone-dialog.tsx', 'ui/pager.tsx'];

/** A new form must be tried here. */
function isComplete() {
  const names = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  const inside = names.filter((name) => !/^(entry|session|unsaved)\//.test(name) && !UNSENT.includes(name));
  const forms = inside.filter((name) => /<form\b|<FormDialog\b/.test(readFileSync(path.join(SOURCE, name), 'utf8')));
  assert.deepEqual(forms.sort(), FORMS.map((form) => form.file).sort());
}

async function newSession(email) {
  const query = 'mutation($input: SignInInput!) { signIn(input: $input) { token userErrors { code } } }';
  const input = { account: 'acme', email, password: PASSWORD, transport: 'TOKEN' };
  const { data } = await ask(query, { input });
  assert.deepEqual(data.signIn.userErrors, []);
  return data.signIn.token;
}

async function end(token) {
  const { data } = await ask('mutation { signOut { userErrors { code } } }', {}, token);
  assert.deepEqual(data.signOut.userErrors, []);
}

/** Opens a form, and types or chooses something in it. */
async function filled({ at, open, field }, token) {
  const page = await person({ token });
  await page.goto(url + at);
  if (open) await open(page);
  const input = field(page);
  await input.waitFor();
  const isChoice = (await input.getAttribute('type')) === 'radio';
  if (isChoice) await input.check();
  else await input.fill(TYPED);
  return { page, value: () => (isChoice ? input.isChecked() : input.inputValue()), expected: isChoice || TYPED };
}

/** Sends the form until the page asks to sign in again. */
async function isAsked(page, form) {
  await isTold(page, 'Sign in again', () => form.send(page).click(BRIEF));
}

/** Does something until the page has this heading: the page may notice by itself, before that is done. */
async function isTold(page, name, act) {
  const heading = page.getByRole('heading', { name });
  await until(`the page says ${name}`, async () => {
    if (await heading.isVisible()) return true;
    await act().catch(() => {});
    return heading.isVisible();
  });
}

/** Answers the token of the session that begins. */
async function survives(form, email, token) {
  const { page, value, expected } = await filled(form, token);
  await end(token);
  await isAsked(page, form);
  await page
    .getByRole('status')
    .filter({ hasText: `The session of ${email}` })
    .waitFor();
  if (form === FORMS[0]) await inspect(page, 'sign-in-again');
  assert.equal(await page.getByRole('dialog').last().isVisible(), false, 'nothing of the page is shown meanwhile');
  assert.equal(await page.getByRole('banner').isVisible(), false);
  await page.keyboard.press('Escape');
  if (form === FORMS[0]) await isRefused(page);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByRole('banner').waitFor();
  // It may be on a step before the one that is shown.
  await form.field(page).waitFor({ state: 'attached' });
  assert.equal(await value(), expected, form.file);
  const cookies = await page.context().cookies();
  await page.context().close();
  return cookies.find(({ name }) => name === sessionCookie()).value;
}

/** Guesses are counted: once is enough. */
async function isRefused(page) {
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByText('do not belong together').waitFor();
}

async function notForOthers() {
  const token = await newSession(ADMIN);
  const { page } = await filled(FORMS[0], token);
  const another = await newSession(EVE);
  await end(token);
  await isAsked(page, FORMS[0]);
  await page.context().addCookies([{ name: sessionCookie(), value: another, url, httpOnly: true, sameSite: 'Lax' }]);
  await isTold(page, 'Another person is signed in now', async () => {
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD, BRIEF);
    await page.getByRole('button', { name: 'Sign in again' }).click(BRIEF);
  });
  await page.getByRole('button', { name: /^Continue as/ }).click();
  await page.getByRole('heading', { name: 'My profile' }).waitFor();
  assert.equal((await page.content()).includes(TYPED), false);
  await page.context().close();
}

async function leaves() {
  const token = await newSession(ADMINS[1]);
  const page = await person({ token });
  await page.goto(`${url}/users?q=acme&order=EMAIL.ASC`);
  await page.getByText('(you)').waitFor();
  await end(token);
  await page.waitForURL(/sign-in\?next=/);
  await page.getByLabel('Email').fill(ADMINS[1]);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/users\?q=acme&order=EMAIL.ASC/);
  await page.getByText('(you)').waitFor();
  await page.context().close();
}
