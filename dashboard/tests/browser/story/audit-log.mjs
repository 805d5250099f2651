// What happened in the account: filtered, and taken out as files; and the account in numbers.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ask, invite, mutate, PASSWORD } from '../api.mjs';
import { inspect, step, until, url } from '../stage.mjs';
import { EVE } from './invitations.mjs';
import { told } from './row.mjs';

export async function auditLog(admin) {
  await step('the audit log is filtered and taken out', async () => {
    await admin.goto(`${url}/audit-log`);
    await admin.getByRole('listitem').first().waitFor();
    await inspect(admin, 'audit-log');
    const rows = Array.from({ length: 130 }, (_, index) => ({ email: `log${index}@acme.example`, role: 'VIEWER' }));
    await mutate(admin, 'inviteUsers', { rows: rows.map((row) => ({ ...row, authMethods: ['password'] })) }, 'invited');
    const newest = admin.getByRole('listitem').filter({ hasText: 'You invited 100 people' });
    await newest.waitFor();
    await admin.getByRole('button', { name: 'Next page' }).click();
    await admin.waitForURL(/after=/);
    await admin
      .getByRole('listitem')
      .filter({ hasText: /You invited \d+ people/ })
      .first()
      .waitFor();
    await admin.getByRole('button', { name: 'First page' }).click();
    await newest.waitFor();
    const what = admin.getByRole('combobox', { name: 'What' });
    await what.click();
    await admin.getByRole('option', { name: 'Role changed' }).click();
    await what.press('Escape');
    await admin.waitForURL(/type=ROLE_CHANGED/);
    await admin.getByText('from Viewer to Editor').first().waitFor();
    await inspect(admin, 'audit-log-filtered');
    const csv = await download(admin, 'Export as CSV');
    assert.match(csv, /RoleChanged|ROLE_CHANGED/i, csv);
    assert.doesNotMatch(csv, /Accepted/i, 'what is filtered out is not in the file');
    const events = await download(admin, 'Export as CloudEvents');
    assert.equal(JSON.parse(events.split('\n')[0]).specversion, '1.0');
    await admin.goto(`${url}/users?role=EDITOR`);
    const users = await download(admin, 'Export as CSV');
    assert.ok(users.startsWith('\ufeffid,email'), 'a spreadsheet reads it as UTF-8');
    assert.ok(users.includes('two@acme.example') && !users.includes('one@acme.example'), users);
  });
  await step('the page says why an export is not made', () => refusedExport(admin));
  await step('what happens meanwhile appears in the log', () => tail(admin));
  await step('events that repeat are one line, and mails are left out', () => folds(admin));
  await step('a change is undone from the log', () => undoesOne(admin));
  await step('what one operation did is one line, and is undone at once', () => undoesMany(admin));
  await step('the log is narrowed to one person', () => aboutOne(admin));
  await step('what was refused is told', () => refused(admin));
  await step('two moments are compared', () => compare(admin));
  await step('the overview counts, and shows invitations to act on', () => overview(admin));
}

async function refusedExport(admin) {
  const path = /\/history\/export/;
  const message = '2 exports of this account are under way: try again when one has ended';
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'TOO_MANY_EXPORTS' } }] });
  await admin.goto(`${url}/audit-log`);
  await admin.route(path, (route) => route.fulfill({ status: 429, contentType: 'application/json', body }));
  await admin.getByRole('link', { name: 'Export as CSV' }).click();
  await told(admin, '2 exports of this account are under way');
  await admin.unroute(path);
  assert.equal(new URL(admin.url()).pathname, '/audit-log');
}

async function tail(admin) {
  await admin.goto(`${url}/audit-log`);
  await admin.getByRole('listitem').first().waitFor();
  const events = admin.getByRole('listitem').filter({ hasText: EVE });
  const newest = admin.getByRole('listitem').first();
  await signIn(EVE, PASSWORD);
  await newest.filter({ has: admin.getByRole('link', { name: EVE }) }).waitFor();
  assert.ok((await events.count()) > 0);
}

async function folds(admin) {
  await admin.goto(`${url}/audit-log`);
  for (const number of [1, 2, 3, 4, 5]) await invite(admin, `fold${number}@acme.example`, 'EDITOR');
  const line = admin
    .getByRole('listitem')
    .filter({ hasText: /You invited \d+ people/ })
    .first();
  await line.waitFor();
  assert.equal(await admin.getByText(/mails were sent|mail with the invitation/).count(), 0, 'mails are left out');
  await line.getByRole('button', { name: /^Show all/ }).click();
  const inner = line.getByRole('listitem').filter({ hasText: 'You invited fold3@acme.example as Editor' });
  await inner.getByRole('button', { name: 'Details' }).click();
  await inner.getByText('Request', { exact: true }).waitFor();
  await inspect(admin, 'audit-log-folded');
  await admin.getByRole('checkbox', { name: 'Show mails' }).check();
  await admin.waitForURL(/mails=true/);
  const mails = admin.getByText(/\d+ invitation mails were sent/).first();
  await mails.waitFor();
  await admin.getByRole('button', { name: 'Clear the filters' }).click();
  await mails.waitFor({ state: 'detached' });
}

async function undoesOne(admin) {
  const id = await invite(admin, 'undone@acme.example', 'VIEWER');
  await mutate(admin, 'updateUser', { id, role: 'EDITOR' });
  await admin.goto(`${url}/audit-log`);
  const line = admin.getByRole('listitem').filter({ hasText: 'changed the role of undone@acme.example from Viewer to Editor' });
  await line.getByRole('button', { name: 'Undo' }).focus();
  await admin.keyboard.press('Enter');
  const dialog = admin.getByRole('dialog', { name: 'Undo this change?' });
  await dialog.getByText('Viewer instead of Editor').waitFor();
  await inspect(admin, 'undo');
  await dialog.getByRole('button', { name: 'Undo for 1 user' }).click();
  await told(admin, '1 user is as before.');
  await admin.getByText('from Editor to Viewer, to undo an earlier change').waitFor();
  // What was undone cannot be undone again, but the undo can.
  await line.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
}

async function undoesMany(admin) {
  const ids = [];
  for (const name of ['first', 'second', 'third']) ids.push(await invite(admin, `${name}@acme.example`, 'VIEWER'));
  await mutate(admin, 'updateUsers', { users: { ids }, role: 'EDITOR' }, 'changed');
  await mutate(admin, 'updateUser', { id: ids[1], role: 'ADMIN' });
  const line = admin.getByRole('listitem').filter({ hasText: 'You changed the role of 3 users' });
  await line.getByRole('button', { name: 'Show all 3' }).waitFor();
  await inspect(admin, 'audit-log-operation');
  await line.getByRole('button', { name: 'Undo' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Undo all of these changes?' });
  await dialog.getByText('2 users get back what was before').waitFor();
  await dialog.getByText('Someone has changed this since then').waitFor();
  await dialog.getByText('second@acme.example', { exact: true }).waitFor();
  await inspect(admin, 'undo-operation');
  await dialog.getByRole('button', { name: 'Undo for 2 users' }).click();
  await dialog.getByText('2 users are as before.').waitFor();
  await dialog.getByText('1 user cannot be changed').waitFor();
  await inspect(admin, 'undone-operation');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await admin.getByText('You changed the role of 2 users, to undo an earlier change').waitFor();
}

async function aboutOne(admin) {
  const about = admin.getByRole('combobox', { name: 'About' });
  await about.fill('eve');
  // The people who are found are shown again with every answer: a click may come between.
  await until('the log is about Eve', async () => {
    await admin
      .getByRole('option', { name: EVE })
      .click({ timeout: 2000 })
      .catch(() => {});
    return /subject=/.test(admin.url());
  });
  await admin.getByRole('listitem').filter({ hasText: 'invited' }).first().waitFor();
  await inspect(admin, 'audit-log-person');
  await admin.getByRole('button', { name: 'Clear the filters' }).click();
  await admin.waitForURL((address) => address.search === '');
}

async function refused(admin) {
  await signIn(EVE, 'not the password');
  await admin.getByRole('link', { name: 'Refused attempts' }).click();
  await admin.waitForURL(/view=refused/);
  const row = admin.getByRole('row').filter({ has: admin.getByRole('link', { name: EVE }) });
  await until('the attempt', async () => {
    await admin.getByRole('button', { name: 'First page' }).click();
    return row.first().isVisible();
  });
  await inspect(admin, 'refused-attempts');
}

async function compare(admin) {
  await admin.getByRole('link', { name: 'Compare' }).click();
  await admin.waitForURL(/view=compare/);
  const changed = admin.getByRole('list', { name: 'Changed users' });
  await changed.getByRole('link', { name: EVE }).waitFor();
  await admin
    .getByText('0 users → now')
    .or(admin.getByText(/: 0 users →/))
    .first()
    .waitFor();
  await inspect(admin, 'compare');
  await admin.getByRole('button', { name: 'A day ago' }).click();
  await changed.getByRole('link', { name: EVE }).waitFor();
}

async function overview(admin) {
  await admin.goto(`${url}/overview`);
  await admin.getByRole('heading', { name: 'By role' }).waitFor();
  const signIns = admin
    .getByRole('region')
    .or(admin.locator('section'))
    .filter({ hasText: 'Sign-ins in the last 14 days' })
    .last();
  await signIns.getByText('The numbers').click();
  await signIns.getByRole('listitem').nth(13).waitFor();
  const open = admin.getByRole('region', { name: 'Open invitations' });
  await open
    .getByRole('button', { name: /^Resend to/ })
    .first()
    .waitFor();
  await inspect(admin, 'overview');
  await open
    .getByRole('button', { name: /^Resend to/ })
    .first()
    .click();
  await admin.getByRole('dialog', { name: /^Resend the invitation/ }).waitFor();
  await admin.keyboard.press('Escape');
  await admin.getByRole('dialog').waitFor({ state: 'detached' });
}

async function signIn(email, password) {
  const document = 'mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }';
  await ask(document, { input: { account: 'acme', email, password, transport: 'TOKEN' } });
}

/** Follows a link that downloads: what is in the file. */
async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
  return readFile(await file.path(), 'utf8');
}
