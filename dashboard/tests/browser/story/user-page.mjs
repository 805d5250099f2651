// One user: facts, sessions, history.
import { ask, join, PASSWORD } from '../api.mjs';
import { inspect, step, until, url } from '../stage.mjs';
import { told } from './row.mjs';

export async function userPage(admin) {
  await step('the page of a user tells what happened, and ends sessions', async () => {
    const mia = await join(admin, { email: 'mia@acme.example', name: 'Mia Wong', role: 'EDITOR' });
    await admin.goto(`${url}/users?q=mia`);
    await admin.getByRole('link', { name: 'mia@acme.example' }).click();
    await admin.getByRole('heading', { name: 'History' }).waitFor();
    await admin
      .getByText('Session started')
      .or(admin.getByText(/signed in/i))
      .first()
      .waitFor();
    await admin.getByRole('button', { name: 'Manage user' }).click();
    const dialog = admin.getByRole('dialog', { name: /^Manage / });
    await dialog.getByRole('radio', { name: 'Viewer' }).check();
    await dialog.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'Mia Wong is now Viewer');
    await admin.getByText('from Editor to Viewer').waitFor();
    await admin.getByText('Invited by').waitFor();
    await inspect(admin, 'user');
    await admin.getByRole('button', { name: 'End', exact: true }).click();
    await told(admin, 'The session is ended');
    await admin.getByText('No active sessions').waitFor();
    const isOut = async () => (await ask('{ viewer { user { id } } }', {}, mia.token)).data?.viewer === null;
    await until('her token to be refused', isOut);
    const signIn = 'mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }';
    await ask(signIn, { input: { account: 'acme', email: 'mia@acme.example', password: PASSWORD, transport: 'TOKEN' } });
    // A sign-in elsewhere appears by itself.
    const ends = admin.getByRole('button', { name: 'End', exact: true });
    await ends.waitFor();
    // Of many sessions, five are shown.
    for (let count = 0; count < 6; count += 1)
      await ask(signIn, { input: { account: 'acme', email: 'mia@acme.example', password: PASSWORD, transport: 'TOKEN' } });
    await admin.getByRole('button', { name: 'Show 2 more' }).click();
    await until('all sessions', async () => (await ends.count()) === 7);
    await inspect(admin, 'user-sessions');
    await admin.goto(`${url}/users/00000000-0000-7000-8000-000000000000`);
    await admin.getByText('no longer exists').waitFor();
    await inspect(admin, 'user-unknown');
    await admin.goto(`${url}/nothing/here`);
    await admin.getByText('There is no such page').waitFor();
    await inspect(admin, 'not-found');
  });
}
