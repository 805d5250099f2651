// Changing a role, deactivating and activating, deleting and erasing.
import { invite, PASSWORD } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';
import { linkTo } from '../wishes.mjs';
import { EVE } from './invitations.mjs';
import { ADMIN } from './opening.mjs';
import { choose, confirm, find, rowOf, told } from './row.mjs';

export async function managing({ admin, ...tokens }) {
  const eve = await person({ token: tokens.eve });
  await step('an admin changes the role', () => changesRole(admin));
  await step('who is deactivated is out at once, and comes back when activated', () => deactivates(admin, eve));
  await step('an invitation is sent again, a user deleted and erased', () => deletes(admin));
  await step('what cannot be done says why', () => ownRow(admin));
}

async function changesRole(admin) {
  await find(admin, EVE);
  await choose(admin, EVE);
  await inspect(admin, 'menu');
  await admin.getByRole('menuitem', { name: 'Manage user' }).click();
  const dialog = admin.getByRole('dialog', { name: /^Manage / });
  await dialog.getByRole('radio', { name: 'Editor' }).check();
  await inspect(admin, 'manage');
  await dialog.getByRole('button', { name: 'Update' }).click();
  const message = admin.locator('[data-toast]').filter({ hasText: 'is now Editor' });
  // It stays as long as it holds the focus.
  await message.getByRole('button', { name: 'Undo' }).focus();
  await rowOf(admin, EVE).getByText('Editor').waitFor();
  await message.getByRole('button', { name: 'Undo' }).click();
  await told(admin, 'is as before');
  await rowOf(admin, EVE).getByText('Viewer').waitFor();
  await choose(admin, EVE, 'Manage user');
  await dialog.getByRole('radio', { name: 'Editor' }).check();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await told(admin, 'is now Editor');
  await rowOf(admin, EVE).getByText('Editor').waitFor();
}

async function deactivates(admin, eve) {
  await eve.goto(`${url}/profile`);
  await eve.getByRole('heading', { name: 'Sessions' }).waitFor();
  await setAccess(admin, false);
  await rowOf(admin, EVE).getByText('Inactive').waitFor();
  // Her page leads to the sign-in by itself.
  await eve.waitForURL(/sign-in\?next=/);
  await signInAsEve(eve);
  await eve.getByText('an admin has deactivated you').waitFor();
  await inspect(eve, 'deactivated');
  await setAccess(admin, true);
  await signInAsEve(eve);
  await eve.getByRole('heading', { name: 'My profile' }).waitFor();
}

async function setAccess(admin, isActive) {
  await choose(admin, EVE, 'Manage user');
  const dialog = admin.getByRole('dialog', { name: /^Manage / });
  await dialog.getByRole('checkbox', { name: 'Deactivate user' }).setChecked(!isActive);
  await dialog.getByRole('button', { name: 'Update' }).click();
  await told(admin, isActive ? 'is active again' : 'is deactivated');
}

async function signInAsEve(eve) {
  await eve.getByLabel('Email').fill(EVE);
  await eve.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await eve.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function deletes(admin) {
  const email = 'ivo@acme.example';
  await invite(admin, email);
  await linkTo(email);
  await find(admin, email);
  await choose(admin, email, 'Resend invitation');
  await confirm(admin, `Resend the invitation to ${email}?`, 'Resend invitation', email);
  await told(admin, 'is sent again');
  await linkTo(email, 2);
  await choose(admin, email, 'Delete invitation');
  await confirm(admin, `Delete ${email}?`, 'Delete invitation', email);
  await told(admin, `${email} is deleted`);
  await admin.getByText('No users match').waitFor();

  await admin.goto(`${url}/users?status=DELETED`);
  await choose(admin, email, 'Erase permanently');
  await confirm(admin, `Erase ${email} permanently?`, 'Erase permanently', email);
  await told(admin, 'is erased');
  await admin.getByRole('link', { name: 'Erased' }).waitFor();
  await inspect(admin, 'erased');
}

async function ownRow(admin) {
  await find(admin, ADMIN);
  await choose(admin, ADMIN);
  await admin.getByText(/delete yourself/).waitFor();
  await inspect(admin, 'menu-own');
  await admin.keyboard.press('Escape');
}
