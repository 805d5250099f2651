// The account in which most parts begin: the test prepares it, nothing of it is clicked.
import { person, step, url } from '../stage.mjs';
import * as wishes from '../wishes.mjs';

/** The account with only its admin in it: her browser, which shows the users. */
export const opened = (name) => step('an account is opened', async () => listOf(await wishes.opened(name)));

/** The account in use by a team: the browser of its admin, which shows the users, and the tokens of the sessions of `eve` and `bob`. */
export const office = () =>
  step('an account is in use', async () => {
    const tokens = await wishes.office();
    return { admin: await listOf(tokens), ...tokens };
  });

async function listOf({ ada }) {
  const admin = await person({ token: ada, permissions: ['clipboard-read', 'clipboard-write'] });
  await admin.goto(`${url}/users`);
  await admin.getByText('(you)').waitFor();
  return admin;
}
