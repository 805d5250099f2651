// Walks through the dashboard as an admin does, in a real browser against a real server that was just started with `roster dev`:
//   ROSTER_URL=http://127.0.0.1:8080 npm run preview -- --port 4173 &
//   npm run look -- http://127.0.0.1:4173 PATH_OF_THE_ADMIN_LINK
// The path is that of "Become the demo's admin", such as /nimbus/invitations/…. SCREENSHOTS=folder keeps pictures.
import assert from 'node:assert/strict';
import { openBrowser } from './browser.mjs';

const PASSWORD = 'seven lighthouses hum quietly';
const [url, adminLink] = process.argv.slice(2);
const slug = adminLink.split('/')[1];
const { person, look, problems, close } = await openBrowser();

try {
  const admin = await person();
  await accept(admin);
  await list(admin);
  await inviteAndDelete(admin);
  await inviteMany(admin);
  await manage(admin);
  await otherPages(admin);
  await apiKeys(admin);
  await account(admin);
  await live(admin);
  await conflict(admin);
  await offline(admin);
  await viewer(admin);
  const state = await admin.context().storageState();
  await narrowAndDark(state);
  await entries();
  await forgotten();
  await signOut(admin);
} finally {
  await close();
  for (const problem of problems) console.error(problem);
}
assert.equal(problems.length, 0, 'the pages report problems');
console.log('the dashboard is as it should be');

async function accept(page) {
  await page.goto(url + adminLink);
  await page.getByRole('button', { name: 'Accept the invitation' }).waitFor();
  await look(page, 'accept');
  await page.getByLabel('Your name').fill('Ada Admin');
  await page.getByRole('textbox', { name: 'Password' }).fill('short');
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByText('easy to guess').waitFor();
  await look(page, 'accept-weak');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByRole('heading', { name: 'Users' }).waitFor();
}

async function list(page) {
  await page.getByText('(you)').waitFor();
  await look(page, 'users');
  await page.getByRole('button', { name: 'Email' }).click();
  await page.waitForURL(/order=EMAIL.ASC/);
  await page.keyboard.press('/');
  await page.keyboard.type('ada');
  await page.waitForURL(/q=ada/);
  await page.getByText(/^\d+ of \d+ users?$/).waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('checkbox', { name: 'Pending invitation' }).check();
  await page.waitForURL(/status=PENDING_INVITATION/);
  await look(page, 'filters');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/after=/);
  await page.goBack();
  await page.goto(`${url}/users?size=75`);
  await page.getByText(/^\d+ of \d+ users$/).waitFor();
  await page.goto(`${url}/users?as-of=2026-10-01T00:00`);
  await page.getByText('as they were').waitFor();
  await page.getByText('There was nobody then').waitFor();
  await look(page, 'as-of');
  await page.goto(`${url}/users?as-of=2099-01-01T00:00`);
  await page.getByText('This moment has not come').waitFor();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function inviteAndDelete(page) {
  const email = 'eve@nimbus.example';
  await page.getByRole('button', { name: 'Invite user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite user' });
  await dialog.getByLabel('Email', { exact: true }).fill('no address');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog.getByText('not one valid').waitFor();
  await look(page, 'invite-refused');
  await dialog.getByLabel('Email', { exact: true }).fill(email);
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText(`${email} is invited`).waitFor();
  await look(page, 'invited');
  await page.goto(`${url}/users?q=eve%40nimbus`);
  await menu(page, email);
  await look(page, 'menu');
  await page.getByRole('menuitem', { name: 'Resend invitation' }).click();
  await confirm(page, 'Resend invitation', email);
  await page.getByText('is sent again').waitFor();
  await menu(page, email);
  await page.getByRole('menuitem', { name: 'Delete user' }).click();
  await confirm(page, 'Delete user', email);
  await page.getByText(`${email} is deleted`).waitFor();
  await page.getByText('Nobody is found').waitFor();
  await look(page, 'nobody');
}

async function confirm(page, title, email) {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('textbox').fill('somebody.else@nimbus.example');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText('not the address of the user').waitFor();
  await look(page, title.toLowerCase().replace(' ', '-'));
  await dialog.getByRole('textbox').fill(email.toUpperCase());
  await dialog.getByRole('button', { name: 'Confirm' }).click();
}

async function inviteMany(page) {
  await page.goto(`${url}/users`);
  await page.getByRole('button', { name: 'Invite user' }).click();
  await page.getByRole('button', { name: 'Invite many at once' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite many' });
  await dialog.getByLabel('People').fill('one@nimbus.example\ntwo@nimbus.example,Editor\nno address');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByRole('button', { name: 'Invite 2' }).waitFor();
  await look(page, 'invite-many');
  await dialog.getByRole('button', { name: 'Invite 2' }).click();
  await page.getByText('2 people are invited').waitFor();
  await look(page, 'invited-many');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

async function manage(page) {
  await page.goto(`${url}/users?q=two%40nimbus`);
  await menu(page, 'two@nimbus.example');
  await page.getByRole('menuitem', { name: 'Manage user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Manage user' });
  await dialog.getByRole('radio', { name: 'Viewer' }).check();
  await look(page, 'manage');
  await dialog.getByRole('button', { name: 'Update' }).click();
  await page.getByText('two@nimbus.example is updated').waitFor();
  await page.getByRole('cell', { name: 'Viewer' }).waitFor();
}

async function menu(page, email) {
  await page.getByRole('button', { name: `Actions for ${email}` }).click();
  await page.getByRole('menu').waitFor();
}

async function otherPages(page) {
  await page.getByRole('link', { name: 'two@nimbus.example' }).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await look(page, 'user');
  for (const [name, heading] of [
    ['Overview', 'Overview'],
    ['Audit log', 'Audit log'],
    ['API keys', 'API keys'],
    ['Account', 'Account'],
    ['My profile', 'My profile'],
  ]) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await page.getByText('Loading').waitFor({ state: 'detached' });
    await look(page, name.toLowerCase().replace(' ', '-'));
  }
}

async function apiKeys(page) {
  await page.goto(`${url}/api-keys`);
  await page.getByText('There are no API keys').waitFor();
  await page.getByRole('button', { name: 'Create API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog.getByText(/name is/i).waitFor();
  await look(page, 'key-refused');
  await dialog.getByLabel('Name').fill('Directory sync');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog.getByText(/^roster_k_/).waitFor();
  await look(page, 'key-token');
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('cell', { name: 'Directory sync', exact: true }).waitFor();
  await look(page, 'keys');
  await page.getByRole('button', { name: 'Revoke Directory sync' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('There are no API keys').waitFor();
  await page.getByRole('checkbox', { name: 'Show keys that have ended' }).check();
  await page.getByText('revoked').first().waitFor();
}

async function account(page) {
  await page.goto(`${url}/account`);
  await page.getByLabel('Name').fill('Nimbus Laboratories');
  await page.getByRole('button', { name: 'Update' }).click();
  await page.getByText('The account is updated').waitFor();
  await page.getByRole('banner').getByText('Nimbus Laboratories').waitFor();
}

/** What somebody else changes while a dialog is open is told, and not overwritten. */
async function conflict(page) {
  const email = 'live@nimbus.example';
  await menu(page, email);
  await page.getByRole('menuitem', { name: 'Manage user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Manage user' });
  const id = (await page.getByRole('link', { name: email, includeHidden: true }).getAttribute('href')).split('/').at(-1);
  await page.evaluate(
    (body) => fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    {
      query: 'mutation($input: UpdateUserInput!) { updateUser(input: $input) { userErrors { code } } }',
      variables: { input: { id, role: 'ADMIN' } },
    },
  );
  await dialog.getByText('Somebody else has changed this user').waitFor();
  await look(page, 'conflict');
  await dialog.getByRole('button', { name: 'Show what is new' }).click();
  assert.equal(await dialog.getByRole('radio', { name: 'Admin' }).isChecked(), true);
  await page.keyboard.press('Escape');
  await page.goto(`${url}/users?q=you%40nimbus`);
  await menu(page, 'you@nimbus.example');
  await page.getByText(/deletes themselves/).waitFor();
  await look(page, 'menu-own');
  await page.keyboard.press('Escape');
}

async function offline(page) {
  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await page.getByRole('button', { name: 'Invite user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite user' });
  await dialog.getByLabel('Email', { exact: true }).fill('off@nimbus.example');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog.getByText('cannot be reached').waitFor();
  await look(page, 'offline');
  await page.context().setOffline(false);
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText('off@nimbus.example is invited').waitFor();
}

/** What others than admins see. */
async function viewer(page) {
  await page.evaluate(
    (body) => fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    {
      query: 'mutation($input: InviteUserInput!) { inviteUser(input: $input) { userErrors { code } } }',
      variables: { input: { email: 'vera@nimbus.example', role: 'VIEWER', authMethods: ['password'] } },
    },
  );
  await page.goto(`${url}/users?q=vera%40nimbus`);
  await menu(page, 'vera@nimbus.example');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('menuitem', { name: 'Copy invitation link' }).click();
  await page.getByText('is copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const vera = await person();
  await vera.goto(url + new URL(link).pathname);
  await vera.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await vera.getByRole('button', { name: 'Accept the invitation' }).click();
  await vera.getByRole('heading', { name: 'My profile' }).waitFor();
  await look(vera, 'viewer');
  await vera.goto(`${url}/users`);
  await vera.getByText('not for your role').waitFor();
  await look(vera, 'forbidden');
  await vera.context().close();
}

/** What another window of the admin does shows without loading anew. */
async function live(page) {
  await page.goto(`${url}/users?q=live%40nimbus`);
  await page.getByText('Nobody is found').waitFor();
  const body = {
    query: 'mutation($input: InviteUserInput!) { inviteUser(input: $input) { userErrors { code } } }',
    variables: { input: { email: 'live@nimbus.example', role: 'VIEWER', authMethods: ['password'] } },
  };
  await page.evaluate(
    (body) => fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    body,
  );
  await page.getByRole('link', { name: 'live@nimbus.example' }).waitFor();
}

async function narrowAndDark(storageState) {
  for (const [name, options] of [
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 } }],
    ['phone-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ]) {
    const page = await person({ storageState, ...options });
    await page.goto(`${url}/users`);
    await page
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .waitFor();
    await look(page, `users-${name}`);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('checkbox', { name: 'Never active' }).waitFor();
    await look(page, `filters-${name}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Filters' }).waitFor({ state: 'detached' });
    await page
      .getByRole('button', { name: /^Actions for/ })
      .nth(1)
      .click();
    await page.getByRole('menuitem', { name: 'Manage user' }).click();
    await page.getByRole('dialog', { name: 'Manage user' }).waitFor();
    await look(page, `manage-${name}`);
    await page.goto(`${url}/overview`);
    await page.getByText('By role').waitFor();
    await look(page, `overview-${name}`);
    await page.context().close();
  }
}

/** A forgotten password is replaced by the link in the mail. */
async function forgotten() {
  const visitor = await person();
  await visitor.goto(`${url}/${slug}/forgot-password`);
  await visitor.getByLabel('Email').fill('vera@nimbus.example');
  await visitor.getByRole('button', { name: 'Send the link' }).click();
  await visitor.getByText('a mail is on its way').waitFor();
  const link = await mailed(/\/reset-password\/[\w-]+/);
  await visitor.goto(`${url}/${slug}${link}`);
  await visitor.getByRole('textbox', { name: 'New password' }).fill('copper kettles never apologise');
  await visitor.getByRole('button', { name: 'Set the password' }).click();
  await visitor.getByRole('heading', { name: 'My profile' }).waitFor();
}

/** Waits until the mailbox holds a mail with such a path, and finds it. */
async function mailed(pattern) {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const list = await (await fetch(`${url}/mailbox`)).text();
    for (const [, path] of list.matchAll(/href="(\/mailbox\/[\w-]+)"/g)) {
      const found = (await (await fetch(url + path)).text()).match(pattern);
      if (found) return found[0];
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no mail holds ${pattern}`);
}

async function signOut(page) {
  await page.goto(`${url}/profile`);
  await page.getByRole('button', { name: 'Ada Admin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/sign-in/);
  await page.getByLabel('Email').fill('you@nimbus.example');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('(you)').waitFor();
}

async function entries() {
  const visitor = await person();
  await visitor.goto(`${url}/users?role=ADMIN`);
  await visitor.waitForURL(/sign-in\?next=/);
  await visitor.getByLabel('Email').waitFor();
  await look(visitor, 'sign-in');
  await visitor.getByLabel('Email').fill('nobody@nimbus.example');
  await visitor.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await visitor.getByRole('button', { name: 'Sign in' }).click();
  await visitor.getByText('do not belong together').waitFor();
  await look(visitor, 'sign-in-refused');
  await visitor.getByRole('link', { name: 'Forgotten your password?' }).click();
  await visitor.getByLabel('Email').fill('nobody@nimbus.example');
  await look(visitor, 'forgot');
  await visitor.getByRole('button', { name: 'Send the link' }).click();
  await visitor.getByText('a mail is on its way').waitFor();
  await visitor.goto(`${url}/${slug}/reset-password/nonsense`);
  await visitor.getByText('does not work any more').waitFor();
  await look(visitor, 'reset-dead');
  await visitor.goto(url + adminLink);
  await visitor.getByText('You have accepted already').waitFor();
  await look(visitor, 'accepted-already');
  await visitor.goto(`${url}/welcome/nonsense`);
  await visitor.getByText('does not work any more').waitFor();
  await look(visitor, 'welcome-dead');
}
