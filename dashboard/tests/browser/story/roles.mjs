// What editors and viewers see, and what they do not.
import assert from 'node:assert/strict';
import { ask } from '../api.mjs';
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
    // On the own page nothing is asked for that the role may not see.
    const { data } = await ask('{ viewer { user { id } } }', {}, eve);
    await viewer.goto(`${url}/users/${data.viewer.user.id}`);
    await viewer.getByRole('heading', { name: 'Sessions' }).waitFor();
    assert.equal(await viewer.getByText('This could not be shown').count(), 0);
    await inspect(viewer, 'viewer-user');
  });
  await step('an editor sees the audit log besides', async () => {
    const editor = await person({ token: bob });
    await editor.goto(url);
    await editor.getByRole('heading', { name: 'Audit log' }).waitFor();
    await editor.getByRole('listitem').first().waitFor();
    await editor.getByText('Who the other users are is for admins only').waitFor();
    await editor.getByText('You signed in').first().waitFor();
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
