// Saved views: built in, own and shared ones.
import assert from 'node:assert/strict';
import { inspect, look, step, url } from '../stage.mjs';
import { told } from './row.mjs';

export async function views(admin) {
  await step('a built-in view is shown', () => builtIn(admin));
  await step('a view is saved, changed, renamed, shared and deleted', () => ofOnesOwn(admin));
}

const menuOf = (page, name) => page.getByRole('button', { name });

async function choose(page, shown, item) {
  await menuOf(page, shown).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: item }).click();
}

async function builtIn(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await menuOf(page, 'All users').click();
  await page.getByRole('menuitem', { name: 'Inactive for 90 days' }).waitFor();
  await inspect(page, 'views');
  await page.getByRole('menuitem', { name: 'Admins' }).click();
  await page.waitForURL(/view=admins&role=ADMIN/);
  await menuOf(page, 'Admins').waitFor();
  await page.getByText('(you)').waitFor();
  await page.goBack();
  await menuOf(page, 'All users').waitFor();
}

async function ofOnesOwn(page) {
  await page.goto(`${url}/users?role=EDITOR&order=EMAIL.ASC`);
  await page.getByText('katherine.johnson@acme.example').first().waitFor();
  await choose(page, 'All users', 'Save as view');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Editors');
  await inspect(page, 'view-save');
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await told(page, 'The view Editors is saved.');
  await page.waitForURL(/view=[0-9a-f-]{36}/);
  await menuOf(page, 'Editors').waitFor();

  // The list differs from the view, until the view is updated; columns belong to it.
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('checkbox', { name: 'Created at' }).uncheck();
  await page.keyboard.press('Escape');
  await menuOf(page, 'Editors changed').waitFor();
  await choose(page, 'Editors changed', 'Update view');
  await told(page, 'The view Editors is updated.');
  await page.getByRole('button', { name: 'Editors', exact: true }).waitFor();
  const address = page.url();
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  if (look !== 'phone') await page.getByRole('columnheader', { name: 'Created at' }).waitFor();
  await page.goto(address);
  await page.getByRole('button', { name: 'Editors', exact: true }).waitFor();
  await page.getByRole('columnheader', { name: 'Created at' }).waitFor({ state: 'detached' });

  await choose(page, 'Editors', 'Rename view');
  await page.getByRole('dialog').getByRole('textbox').fill('All editors');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await told(page, 'The view is now called All editors.');
  await menuOf(page, 'All editors').waitFor();
  await choose(page, 'All editors', 'Share view');
  await inspect(page, 'view-share');
  await page.getByRole('dialog').getByRole('button', { name: 'Share view' }).click();
  await told(page, 'All admins see the view All editors now.');

  // The same name is refused, beside the field.
  await choose(page, 'All editors', 'Save as view');
  await page.getByRole('dialog').getByRole('textbox').fill('all editors');
  await page.getByRole('dialog').getByRole('checkbox').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
  await page.getByRole('dialog').getByText('There is a view with this name already.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  if (look !== 'phone') {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find a page' }).fill('all edit');
    await page.getByRole('option', { name: /All editors/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await choose(page, 'All editors', 'Delete view');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete view' }).click();
  await told(page, 'The view All editors is deleted.');
  await page.waitForURL((address) => !address.searchParams.has('view'));
  assert.equal(new URL(page.url()).searchParams.get('role'), 'EDITOR', 'the list stays as it is');
  await page.goto(`${url}/audit-log?type=VIEW_SHARED,VIEW_DELETED`);
  await page.getByText('The shared view All editors was deleted').waitFor();
}
