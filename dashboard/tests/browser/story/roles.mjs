// What editors and viewers see, and what they do not.
import assert from 'node:assert/strict';
import { inspect, person, step, url } from '../stage.mjs';

const ADMINS_ONLY = ['/users', '/overview', '/service-keys', '/account'];

/** Eve is a viewer, Bob an editor. */
export async function roles({ eve, bob }) {
  await step('a viewer sees the own profile and keys alone', async () => {
    const viewer = await person({ token: eve });
    await viewer.goto(url);
    await viewer.getByRole('heading', { name: 'My profile' }).waitFor();
    await inspect(viewer, 'viewer');
    await isLimitedTo(viewer, ['API keys'], [...ADMINS_ONLY, '/audit-log']);
    await inspect(viewer, 'closed');
  });
  await step('an editor sees the audit log besides', async () => {
    const editor = await person({ token: bob });
    await editor.goto(url);
    await editor.getByRole('heading', { name: 'Audit log' }).waitFor();
    await editor.getByRole('listitem').first().waitFor();
    await inspect(editor, 'editor');
    await isLimitedTo(editor, ['Audit log', 'API keys'], ADMINS_ONLY);
  });
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
