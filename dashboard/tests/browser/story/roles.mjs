// What editors and viewers see, and what they do not.
import assert from 'node:assert/strict';
import { mutate } from '../api.mjs';
import { inspect, step, url } from '../stage.mjs';
import { EVE } from './invitations.mjs';

const ADMINS_ONLY = ['/users', '/overview', '/account'];

export async function roles(admin, { viewer, editor }) {
  await step('a viewer sees the own profile and keys alone', async () => {
    await makeViewer(admin);
    await viewer.goto(url);
    await viewer.getByRole('heading', { name: 'My profile' }).waitFor();
    await inspect(viewer, 'viewer');
    await isLimitedTo(viewer, ['API keys', 'My profile'], [...ADMINS_ONLY, '/audit-log']);
    await inspect(viewer, 'closed');
  });
  await step('an editor sees the audit log besides', async () => {
    await editor.goto(url);
    await editor.getByRole('heading', { name: 'Audit log' }).waitFor();
    await editor.getByRole('listitem').first().waitFor();
    await inspect(editor, 'editor');
    await isLimitedTo(editor, ['Audit log', 'API keys', 'My profile'], ADMINS_ONLY);
  });
}

async function makeViewer(admin) {
  await admin.goto(`${url}/users?q=${EVE}`);
  const id = (await admin.getByRole('link', { name: EVE }).getAttribute('href')).split('/').at(-1);
  await mutate(admin, 'updateUser', { id, role: 'VIEWER' });
}

/** The menu has these entries alone; the other pages say that they are closed. */
async function isLimitedTo(page, entries, closed) {
  const menu = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
  assert.deepEqual(await menu.allTextContents(), entries);
  for (const path of closed) {
    await page.goto(url + path);
    await page.getByText('not for your role').waitFor();
  }
}
