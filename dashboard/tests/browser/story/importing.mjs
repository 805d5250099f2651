// Inviting many: from text, and from files of other products. Rows with problems stay behind, and can be taken along.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect, step, url } from '../stage.mjs';
import { linkTo } from '../wishes.mjs';
import { EVE } from './invitations.mjs';
import { find, rowOf } from './row.mjs';

const FIXTURES = path.resolve(import.meta.dirname, '../../../src/import/fixtures');
const dialogOf = (admin) => admin.getByRole('dialog', { name: 'Invite many' });
const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

export async function importing(admin) {
  await step('many are invited out of a text, each row with what comes of it', () => pasted(admin));
  await step('a file of 200 takes six actions at most', () => twoHundred(admin));
  await step('columns are found, or named by hand', () => columns(admin));
  await step('what was not invited is taken along, and corrected', () => leftover(admin));
  await step('a file that is no table says what to do', () => unreadable(admin));
  await step('a stray key loses nothing', () => guarded(admin));
}

async function open(admin) {
  await admin.goto(`${url}/users`);
  await admin.getByRole('button', { name: 'Invite user' }).click();
  await admin.getByRole('button', { name: 'Invite many at once' }).click();
  await dialogOf(admin).getByLabel('People').waitFor();
}

const choose = (admin, file) => dialogOf(admin).locator('input[type=file]').setInputFiles(file);
const fixture = (name) => path.join(FIXTURES, name);

async function close(admin) {
  await dialogOf(admin).getByRole('button', { name: 'Close', exact: true }).last().click();
  await dialogOf(admin).waitFor({ state: 'detached' });
}

async function pasted(admin) {
  await open(admin);
  const dialog = dialogOf(admin);
  await inspect(admin, 'import');
  const lines = [
    'one@acme.example',
    'two@acme.example, Editor',
    '"Three, Tom" <three@acme.example>, Editor, google',
    EVE,
    'no address',
    'ONE@acme.example, Admin',
  ];
  await dialog.getByLabel('People').fill(lines.join('\n'));
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('3 people can be invited: 1 Viewer, 2 Editor. 3 rows have a problem.').waitFor();
  await dialog.getByText('already exists').waitFor();
  await dialog.getByText('There is no email address in this row').waitFor();
  await dialog.getByText('The same address is in line 1').waitFor();
  await inspect(admin, 'import-review');
  await dialog.getByRole('button', { name: 'Problems 3' }).click();
  await dialog.getByRole('cell', { name: 'two@acme.example' }).waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Invite 3' }).click();
  await dialog.getByText('3 people are invited. 3 rows are not.').waitFor();
  await inspect(admin, 'import-done');
  await close(admin);
  await rowOf(admin, 'two@acme.example').getByText('Editor').waitFor();
  await linkTo('three@acme.example');
}

async function twoHundred(admin) {
  const rows = Array.from(
    { length: 200 },
    (_, index) => `Person ${index},p${index}@many.example,${index === 7 ? 'admin' : 'Viewer'}`,
  );
  await admin.goto(`${url}/users`);
  let actions = 0;
  const act = async (action) => {
    actions += 1;
    await action;
  };
  await act(admin.getByRole('button', { name: 'Invite user' }).click());
  await act(admin.getByRole('button', { name: 'Invite many at once' }).click());
  await act(choose(admin, csv('people.csv', `Name,Work email,Permission\n${rows.join('\n')}`)));
  await dialogOf(admin).getByText('200 people can be invited: 199 Viewer, 1 Admin.').waitFor();
  await act(dialogOf(admin).getByRole('button', { name: 'Invite 200' }).click());
  await dialogOf(admin).getByText('200 people are invited.').waitFor();
  await act(close(admin));
  assert.ok(actions <= 6, `${actions} actions`);
  console.log(`invite 200 from a file: ${actions} actions`);
  await find(admin, 'p7@many.example');
  await rowOf(admin, 'p7@many.example').getByText('Admin').waitFor();
}

async function columns(admin) {
  await open(admin);
  const dialog = dialogOf(admin);
  await choose(
    admin,
    csv(
      'no-headings-known.csv',
      'Wer,Privat,Dienst\nAda,ada@home.example,\nBob,bob@home.example,bob.import@acme.example\nCy,cy@home.example,',
    ),
  );
  await dialog.getByText('Which column holds the email addresses?').waitFor();
  await inspect(admin, 'import-columns');
  await dialog.getByRole('combobox', { name: 'Email' }).click();
  await admin.getByRole('option', { name: 'Dienst' }).click();
  await dialog.getByRole('button', { name: 'Preview' }).last().click();
  await dialog.getByText('1 person can be invited: 1 Viewer. 2 rows have a problem.').waitFor();
  await dialog.getByRole('button', { name: 'Back' }).click();
  await dialog.getByRole('button', { name: 'Remove no-headings-known.csv' }).click();

  for (const [name, addresses] of [
    ['google-workspace.csv', '“Email Address [Required]”'],
    ['okta.csv', '“email”'],
    ['entra.csv', '“mail”'],
    ['roster.csv', '“email”'],
    ['excel-unicode.txt', '“E-Mail-Adresse”'],
  ]) {
    await choose(admin, fixture(name));
    await dialog.getByText(`Addresses are read from ${addresses}`).waitFor();
    await dialog.getByRole('button', { name: /^Invite [1-9]/ }).waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByRole('button', { name: `Remove ${name}` }).click();
  }
  await dialog.getByRole('button', { name: 'Cancel' }).click();
}

async function leftover(admin) {
  await open(admin);
  const dialog = dialogOf(admin);
  const rows = ['joel,Owner,joel@hub.example', 'kim,Member,kim@hub.example', 'lou,Billing manager,lou@hub.example'];
  await choose(admin, csv('github.csv', `login,role,saml_name_id\n${rows.join('\n')}`));
  await dialog.getByRole('combobox', { name: 'Role for “Billing manager”' }).waitFor();
  await dialog.getByText('2 people can be invited: 1 Viewer, 1 Admin. 1 row has a problem.').waitFor();
  await inspect(admin, 'import-unknown-role');
  await dialog.getByRole('button', { name: 'Invite 2' }).click();
  const [file] = await Promise.all([
    admin.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download the others as CSV' }).click(),
  ]);
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /^\ufeffLine,Email,Role,Methods,Problem\r\n4,lou@hub.example,Billing manager,/, text);
  await close(admin);
  await open(admin);
  await choose(admin, csv(file.suggestedFilename(), text));
  await dialog.getByRole('combobox', { name: 'Role for “Billing manager”' }).click();
  await admin.getByRole('option', { name: 'Editor' }).click();
  await dialog.getByText('1 person can be invited: 1 Editor.').waitFor();
  await dialog.getByRole('button', { name: 'Back' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
}

async function unreadable(admin) {
  await open(admin);
  await choose(admin, { name: 'people.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\x03\x04…') });
  await dialogOf(admin).getByText('save it as CSV').waitFor();
  await dialogOf(admin).getByRole('button', { name: 'Cancel' }).click();
}

async function guarded(admin) {
  await open(admin);
  const dialog = dialogOf(admin);
  await dialog.getByLabel('People').fill('kept@acme.example');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByRole('button', { name: 'Invite 1' }).waitFor();
  await admin.keyboard.press('Escape');
  await admin.getByRole('dialog', { name: 'Discard your changes?' }).waitFor();
  await admin.getByRole('button', { name: 'Keep editing' }).click();
  await admin.getByRole('dialog', { name: 'Discard your changes?' }).waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Back' }).click();
  assert.equal(await dialog.getByLabel('People').inputValue(), 'kept@acme.example');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
}
