// Many users at once: pages, keys, selecting, changing with undo, sending again, deleting.
import assert from 'node:assert/strict';
import { mutate } from '../api.mjs';
import { inspect, look, step, url } from '../stage.mjs';
import { ADMIN } from './opening.mjs';
import { told } from './row.mjs';

const COUNT = 60;
let actions = 0;

export async function many(admin) {
  const rows = Array.from({ length: COUNT }, (_, index) => ({
    email: `person.${String(index).padStart(2, '0')}@acme.example`,
    role: 'VIEWER',
    authMethods: ['password'],
  }));
  await mutate(admin, 'inviteUsers', { rows }, 'invited');
  await step('pages are turned, and their head is in view', () => turns(admin));
  if (look !== 'phone') await step('the keys move, select, open and manage', () => keys(admin));
  await step('the role of 20 is changed, and taken back', () => changes(admin));
  await step('50 invitations are sent again', () => resends(admin));
  await step('all that are found are deactivated where that is possible', () => refused(admin));
  await step('many are deleted after their number was typed', () => deletes(admin));
}

async function turns(page) {
  await page.goto(`${url}/users?q=person`);
  await page.getByText(`1–25 of ${COUNT}`).waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText(`26–50 of ${COUNT}`).waitFor();
  const number = page.getByRole('textbox', { name: 'Page number' });
  assert.equal(await number.inputValue(), '2');
  await page.waitForFunction(() => document.querySelector('table').getBoundingClientRect().top > -5);
  await page.getByRole('button', { name: 'Last page' }).click();
  await page.getByText(`36–60 of ${COUNT}`).waitFor();
  // A page is shown by its number; one that there is not is the last.
  await number.fill('2');
  await page.keyboard.press('Enter');
  await page.getByText(`26–50 of ${COUNT}`).waitFor();
  const first = async () => {
    await page.locator('[aria-busy="false"]').getByRole('table').waitFor();
    return page.getByRole('cell').getByRole('link').first().getAttribute('href');
  };
  const second = await first();
  await page.goto(`${url}/users?q=person`);
  await page.getByText(`1–25 of ${COUNT}`).waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText(`26–50 of ${COUNT}`).waitFor();
  assert.equal(await first(), second);
  await number.fill('99');
  await page.keyboard.press('Enter');
  await page.getByText(`36–60 of ${COUNT}`).waitFor();
  // The way back from a person leads to the same page of the same search.
  const address = page.url();
  await page.getByRole('cell').getByRole('link').first().click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await page.goBack();
  await page.waitForURL(address);
  await page.getByRole('button', { name: 'First page' }).click();
  await page.getByText(`1–25 of ${COUNT}`).waitFor();
}

async function keys(page) {
  await page.goto(`${url}/users?q=person&order=EMAIL.ASC`);
  await page.getByText(`1–25 of ${COUNT}`).waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  for (const key of ['j', 'j', 'j', 'k', 'x']) await page.keyboard.press(key);
  await page.getByText('1 selected').waitFor();
  assert.equal(await page.getByRole('checkbox', { name: 'Select person.01@acme.example' }).isChecked(), true);
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: 'Manage person.02@acme.example' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(/users\/[0-9a-f-]+$/);
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.waitForURL(/users$/);
}

/** Something that a user does: they are counted. */
async function does(locator, action = 'click', ...options) {
  actions += 1;
  await locator[action](...options);
}

async function changes(page) {
  await page.goto(`${url}/users?q=person&order=EMAIL.ASC`);
  await page.getByText(`1–25 of ${COUNT}`).waitFor();
  const box = (index) => page.getByRole('checkbox', { name: `Select person.${String(index).padStart(2, '0')}@acme.example` });
  const bar = page.getByRole('region', { name: 'Selected users' });
  actions = 0;
  await does(box(0));
  await does(box(19), 'click', { modifiers: ['Shift'] });
  await bar.getByText('20 selected').waitFor();
  await inspect(page, 'selected');
  await does(bar.getByRole('button', { name: 'Role' }));
  await page.getByRole('menuitem', { name: 'Editor' }).waitFor();
  await inspect(page, 'menu-roles');
  assert.deepEqual(await page.getByRole('menuitem').allTextContents(), ['Editor', 'Admin'], 'all are Viewers already');
  await does(page.getByRole('menuitem', { name: 'Editor' }));
  const dialog = page.getByRole('dialog', { name: 'Make 20 users Editor?' });
  await dialog.getByText('They become Editor.').waitFor();
  await inspect(page, 'bulk-role');
  await does(dialog.getByRole('button', { name: 'Change 20 users' }));
  await page.locator('[data-toast]').getByText('20 users are now Editor.').waitFor();
  // The message stays as long as it holds the focus.
  await page.getByRole('button', { name: 'Undo' }).focus();
  console.log(`   20 roles in ${actions} actions`);
  assert.ok(actions <= 6);
  await page.getByRole('row').filter({ hasText: 'person.19@' }).getByText('Editor').waitFor();
  await inspect(page, 'bulk-done');
  await page.getByRole('button', { name: 'Undo' }).click();
  await told(page, 'It is as before.');
  await page.getByRole('row').filter({ hasText: 'person.19@' }).getByText('Viewer').waitFor();

  // What someone else has changed since then stays as it is.
  await box(0).click();
  await box(1).click();
  await bar.getByRole('button', { name: 'Role' }).click();
  await page.getByRole('menuitem', { name: 'Editor' }).click();
  await page.getByRole('button', { name: 'Change 2 users' }).click();
  await page.locator('[data-toast]').getByText('2 users are now Editor.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).focus();
  const link = await page.getByRole('cell').getByRole('link').first().getAttribute('href');
  await mutate(page, 'updateUser', { id: link.split('/').at(-1), role: 'ADMIN' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('person.00@acme.example was not changed back. Someone has changed this since then.').waitFor();
  await page.getByRole('row').filter({ hasText: 'person.01@' }).getByText('Viewer').waitFor();
  await page.getByRole('row').filter({ hasText: 'person.00@' }).getByText('Admin').waitFor();
  await mutate(page, 'updateUser', { id: link.split('/').at(-1), role: 'VIEWER' });
}

async function resends(page) {
  await page.goto(`${url}/users?q=person&size=50`);
  await page.getByText(`1–50 of ${COUNT}`).waitFor();
  const bar = page.getByRole('region', { name: 'Selected users' });
  actions = 0;
  await does(page.getByRole('checkbox', { name: 'Select all on this page' }));
  await does(bar.getByRole('button', { name: 'Resend' }));
  await does(page.getByRole('dialog').getByRole('button', { name: 'Resend 50 invitations' }));
  await page.locator('[data-toast]').getByText('50 invitations are sent again.').waitFor();
  console.log(`   50 invitations in ${actions} actions`);
  assert.ok(actions <= 5);
}

async function refused(page) {
  await page.goto(`${url}/users?order=EMAIL.ASC&size=75`);
  await page.getByText(/^1–72 of 72$|^1–75 of \d+$/).waitFor();
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  const bar = page.getByRole('region', { name: 'Selected users' });
  await bar.getByRole('button', { name: 'Access' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).waitFor();
  await inspect(page, 'menu-access');
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  const dialog = page.getByRole('dialog', { name: /^Deactivate/ });
  await dialog.getByText('cannot be changed').waitFor();
  await dialog.getByText('cannot deactivate yourself').waitFor();
  await dialog.getByText(ADMIN).waitFor();
  await inspect(page, 'bulk-refused');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await bar.getByRole('button', { name: 'Clear the selection' }).click();
  await bar.waitFor({ state: 'detached' });
}

async function deletes(page) {
  await page.goto(`${url}/users?q=person`);
  await page.getByText(`1–25 of ${COUNT}`).waitFor();
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  const bar = page.getByRole('region', { name: 'Selected users' });
  await bar.getByRole('button', { name: `Select all ${COUNT}` }).click();
  await bar.getByText(`${COUNT} selected`).waitFor();
  await bar.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: `Delete ${COUNT} users?` });
  const confirm = dialog.getByRole('button', { name: `Delete ${COUNT} users` });
  await dialog.getByRole('textbox').fill('59');
  assert.equal(await confirm.isDisabled(), true);
  await dialog.getByRole('textbox').fill(String(COUNT));
  await inspect(page, 'bulk-delete');
  await confirm.click();
  await told(page, `${COUNT} users are deleted.`);
  await page.getByText('No users match').waitFor();
}
