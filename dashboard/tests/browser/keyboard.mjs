// The main job without a mouse: find a user, change the role, invite; the focus comes back to where it was.
import assert from 'node:assert/strict';
import { join } from './api.mjs';
import { play, step, url } from './stage.mjs';
import { opened } from './story/office.mjs';

const EMAIL = 'grace@acme.example';

await play(async () => {
  const admin = await opened();
  await admin.addInitScript(slowTimers);
  await join(admin, { email: EMAIL, name: 'Grace Hopper' });
  await admin.goto(`${url}/users`);
  await admin.getByRole('link', { name: EMAIL }).waitFor();

  await step('the first thing that Tab reaches leads to the content', async () => {
    await admin.keyboard.press('Tab');
    assert.equal(await focused(admin), 'Skip to the content');
    await admin.keyboard.press('Enter');
    await admin.waitForFunction(() => document.activeElement?.id === 'content');
  });
  await step('the slash leads into the search', async () => {
    await admin.keyboard.press('/');
    await admin.keyboard.type('hopper');
    await admin.waitForURL(/q=hopper/);
    await admin.getByText('1 of 1', { exact: true }).waitFor();
  });
  await step('a row is managed from its menu', () => manages(admin));
  await step('i invites, Escape goes back', async () => {
    await blur(admin);
    await admin.keyboard.press('i');
    await admin.getByRole('dialog', { name: 'Invite user' }).waitFor();
    await admin.waitForFunction(() => document.activeElement?.getAttribute('type') === 'email');
    await admin.keyboard.type('kay@acme.example');
    await admin.keyboard.press('Enter');
    await admin.getByText('kay@acme.example is invited').waitFor();
    await admin.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await step('200 are invited with pasted lines', async () => {
    await blur(admin);
    await admin.keyboard.press('i');
    const first = admin.getByRole('dialog', { name: 'Invite user' });
    await first.waitFor();
    await admin.waitForFunction(() => document.activeElement?.getAttribute('type') === 'email');
    await tabTo(admin, 'Invite many at once');
    await admin.keyboard.press('Enter');
    await admin.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    const lines = Array.from({ length: 200 }, (_, index) => `k${index}@keys.example, Viewer`);
    await admin.keyboard.insertText(lines.join('\n'));
    await tabTo(admin, 'Preview');
    await admin.keyboard.press('Enter');
    await admin.getByText('200 people can be invited: 200 Viewer.').waitFor();
    await tabTo(admin, 'Invite 200');
    await admin.keyboard.press('Enter');
    await admin.getByText('200 people are invited.').waitFor();
    await tabTo(admin, 'Close');
    await admin.keyboard.press('Enter');
    await admin.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await step('20 are selected, their role is changed, and taken back', async () => {
    await admin.goto(`${url}/users?q=keys&order=EMAIL.ASC`);
    await admin.getByText('1–25 of 200').waitFor();
    await blur(admin);
    for (let row = 0; row < 20; row += 1) {
      await admin.keyboard.press('j');
      await admin.keyboard.press('x');
    }
    await admin.getByText('20 selected').waitFor();
    await admin.keyboard.press('Control+k');
    await admin.getByRole('combobox', { name: 'Find a page' }).waitFor();
    await admin.keyboard.type('change role to');
    await admin.getByRole('option', { name: /Change role to Editor/ }).waitFor();
    assert.equal(await admin.getByRole('option', { name: /Change role to Viewer/ }).count(), 0, 'all are Viewers already');
    await admin.keyboard.press('Enter');
    const dialog = admin.getByRole('dialog', { name: 'Make 20 users Editor?' });
    await dialog.getByText('They become Editor.').waitFor();
    await tabTo(admin, 'Change 20 users');
    await admin.keyboard.press('Enter');
    await admin.locator('[data-toast]').getByText('20 users are now Editor.').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await tabTo(admin, 'Undo', 200);
    await admin.keyboard.press('Enter');
    await admin.locator('[data-toast]').getByText('It is as before.').waitFor();
  });
  await step('the audit log is narrowed, and a line is opened', async () => {
    await blur(admin);
    await admin.keyboard.press('g');
    await admin.keyboard.press('l');
    await admin.waitForURL(/audit-log/);
    await admin.getByRole('list').getByText('20', { exact: false }).first().waitFor();
    await tabTo(admin, 'What');
    await admin.keyboard.type('role');
    await admin.getByRole('option').first().waitFor();
    await admin.keyboard.press('ArrowDown');
    await admin.keyboard.press('Enter');
    await admin.waitForURL(/type=/);
    await admin.keyboard.press('Escape');
    await tabTo(admin, 'Show all 20', 80);
    await admin.keyboard.press('Enter');
    await tabTo(admin, 'Details', 80);
    await admin.keyboard.press('Enter');
    await admin.waitForFunction(() => document.activeElement?.getAttribute('aria-expanded') === 'true');
  });
  await step('a question mark explains the keys', async () => {
    await blur(admin);
    await admin.keyboard.press('?');
    await admin.getByRole('dialog', { name: 'Keys' }).waitFor();
    await admin.keyboard.press('i');
    assert.equal(await admin.getByRole('dialog', { name: 'Invite user' }).count(), 0, 'no dialog opens over another');
    await admin.keyboard.press('Escape');
    await admin.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

async function manages(admin) {
  const action = `Actions for ${EMAIL}`;
  await tabTo(admin, action);
  await admin.keyboard.press('Enter');
  await admin.getByRole('menu').waitFor();
  await arrowTo(admin, 'Manage user');
  await admin.keyboard.press('Enter');
  const dialog = admin.getByRole('dialog', { name: /^Manage / });
  await dialog.waitFor();
  await admin.waitForFunction(() => document.activeElement?.closest('[role=dialog]') != null);
  await tabTo(admin, 'Viewer');
  await admin.keyboard.press('ArrowDown');
  assert.equal(await dialog.getByRole('radio', { name: 'Editor' }).isChecked(), true);
  await tabTo(admin, 'Update');
  await admin.keyboard.press('Enter');
  await admin.getByText('Grace Hopper is now Editor').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await admin.getByRole('cell', { name: 'Editor', exact: true }).waitFor();
  await admin.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, action);
  await admin.keyboard.press('Enter');
  await admin.getByRole('menu').waitFor();
  await admin.keyboard.press('Escape');
  await admin.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, action);
  await admin.getByRole('menu').waitFor({ state: 'detached' });
}

/** Messages go away by themselves, on a slow machine before Tab reaches them. Here they stay. */
function slowTimers() {
  const start = globalThis.setTimeout;
  globalThis.setTimeout = (action, time, ...rest) => start(action, time >= 5000 && time <= 12_000 ? 600_000 : time, ...rest);
}

/** What the focused element is called. */
function focused(page) {
  return page.evaluate(() => {
    const active = document.activeElement;
    const label = active?.labels?.[0]?.textContent;
    return active?.getAttribute('aria-label') ?? label ?? active?.textContent?.trim() ?? '';
  });
}

async function tabTo(page, name, most = 40) {
  for (let presses = 0; presses < most; presses += 1) {
    if ((await focused(page)).startsWith(name)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${name}`);
}

async function arrowTo(page, name) {
  for (let presses = 0; presses < 10; presses += 1) {
    if ((await focused(page)).startsWith(name)) return;
    await page.keyboard.press('ArrowDown');
  }
  assert.fail(`no arrow reaches ${name}`);
}

async function blur(page) {
  await page.evaluate(() => document.activeElement?.blur());
}
