// The palette: every page, person and action, by the keyboard.
import assert from 'node:assert/strict';
import { inspect, step, url } from '../stage.mjs';
import { told } from './row.mjs';

export async function finding(admin) {
  await step('Ctrl-K finds pages, people and actions', () => palette(admin));
  await step('Ctrl-K offers what can be done to the selected, and what the page can', () => paletteOfPage(admin));
  await step('what is missing loads again when the connection is back', () => withoutConnection(admin));
  await step('a server that cannot be reached is told, and what failed appears by itself', () => serverDown(admin));
}

async function paletteOfPage(page) {
  await page.goto(`${url}/users?order=EMAIL.ASC`);
  await page.getByText('(you)').waitFor();
  const field = page.getByRole('combobox', { name: 'Find a page' });
  const find = async (text) => {
    await page.keyboard.press('Control+k');
    await field.fill(text);
  };
  await find('export csv');
  const file = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  await file;
  await find('compact rows');
  await page.keyboard.press('Enter');
  await page.locator('[data-density="compact"]').waitFor();
  await find('higher rows');
  await page.keyboard.press('Enter');
  await page.locator('[data-density="compact"]').waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: 'Select Annie Easley' }).check();
  await page.getByText('1 selected').waitFor();
  await find('selected');
  // She has no invitation.
  assert.equal(await page.getByRole('option', { name: /Resend invitations/ }).getAttribute('aria-disabled'), 'true');
  await inspect(page, 'palette-selected');
  await field.fill('role to editor');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Make 1 user Editor?' });
  await dialog.getByRole('button', { name: 'Change 1 user' }).click();
  await told(page, '1 user is now Editor.');
}

async function palette(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Find a page' });
  await field.waitFor();
  await inspect(page, 'palette');
  await field.fill('log aud');
  await page.keyboard.press('Enter');
  await page.waitForURL(/audit-log/);
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  await field.fill('hopper');
  const grace = page.getByRole('option', { name: /Grace Hopper/ });
  await grace.waitFor();
  await inspect(page, 'palette-person');
  // The actions for the person.
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: /Manage user/ }).waitFor();
  await inspect(page, 'palette-actions');
  await page.keyboard.type('manage');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Manage Grace Hopper' });
  await dialog.getByRole('radio', { name: 'Editor' }).check();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await told(page, 'Grace Hopper is now Editor');

  await page.keyboard.press('Control+k');
  await field.fill('invite user');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Invite user' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function withoutConnection(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  // Its file may have come already; if not, the page stays as it is.
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).or(page.getByText('This could not be opened')).waitFor();
  assert.equal(await page.getByText('(you)').isVisible(), true);
  await page.keyboard.press('Escape');
  await page.context().setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function serverDown(page) {
  await page.goto(`${url}/api-keys`);
  await page.getByRole('heading', { name: 'API keys', exact: true }).waitFor();
  await page.getByText('There are no API keys').waitFor();
  await page.route('**/graphql', (route) => route.abort('internetdisconnected'));
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Service keys' }).click();
  await page.getByText('The server cannot be reached').first().waitFor();
  await page.getByText('This could not be shown').waitFor();
  await inspect(page, 'server-down');
  await page.unroute('**/graphql');
  await page.getByText('There are no service keys').waitFor();
  await page.getByText('The server cannot be reached').first().waitFor({ state: 'detached' });
}
