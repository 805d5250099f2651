// Inviting by mail, one and many; accepting with a password and with a provider; a mail that does not arrive.
import assert from 'node:assert/strict';
import { invite, PASSWORD } from '../api.mjs';
import { fits, inspect, look, person, step, url } from '../stage.mjs';
import { isKnownToGoogle, linkTo } from '../wishes.mjs';
import { choose, find, rowOf, told } from './row.mjs';

export const EVE = 'eve@acme.example';
export const BOB = 'bob@acme.example';

/** Invites people, who accept. */
export async function invitations(admin) {
  await step('an admin invites by e-mail', () => inviteEve(admin));
  await step('the invited accepts with a password', acceptsWithPassword);
  await step('another accepts with the provider', () => acceptsWithProvider(admin));
  await step('a mail that is refused shows, and its link is handed over', () => failedDelivery(admin));
}

async function inviteEve(admin) {
  await admin.getByRole('button', { name: 'Invite user' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Invite user' });
  await dialog.getByLabel('Email', { exact: true }).fill('no address');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog.getByText('contains a control character or a space').waitFor();
  await inspect(admin, 'invite-refused');
  await dialog.getByLabel('Email', { exact: true }).fill(EVE);
  await inspect(admin, 'invite');
  await admin.keyboard.press('Escape');
  await admin.getByRole('dialog', { name: 'Discard your changes?' }).waitFor();
  await inspect(admin, 'discard');
  await admin.getByRole('button', { name: 'Keep editing' }).click();
  await admin.getByRole('dialog', { name: 'Discard your changes?' }).waitFor({ state: 'detached' });
  assert.equal(await dialog.getByLabel('Email', { exact: true }).inputValue(), EVE, 'what was typed is kept');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await admin.getByText(`${EVE} is invited`).waitFor();
  await rowOf(admin, EVE).getByText('Pending invitation').waitFor();
  await inspect(admin, 'invited');
}

async function acceptsWithPassword() {
  const eve = await person();
  const link = await linkTo(EVE);
  await eve.goto(url + link);
  await eve.getByLabel('Your name').fill('Eve Miller');
  await inspect(eve, 'accept');
  await eve.getByRole('textbox', { name: 'Password' }).fill('password1234');
  await eve.getByRole('button', { name: 'Accept the invitation' }).click();
  await eve.getByText('easy to guess').waitFor();
  await inspect(eve, 'accept-refused');
  assert.equal(await eve.getByLabel('Your name').inputValue(), 'Eve Miller', 'what was typed is kept');
  await eve.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await eve.getByRole('button', { name: 'Accept the invitation' }).click();
  await eve.getByRole('heading', { name: 'My profile' }).waitFor();
  assert.equal(await eve.evaluate(() => document.cookie), '', 'scripts cannot read the session');

  const later = await person();
  await later.goto(url + link);
  await later.getByText('You have accepted already').waitFor();
  await inspect(later, 'link-used');
  await later.getByRole('link', { name: 'Sign in' }).click();
  await later.getByLabel('Email').waitFor();
  await later.context().close();
}

async function acceptsWithProvider(admin) {
  await isKnownToGoogle('bob', { email: BOB, email_verified: true, name: 'Bob Stone' });
  await admin.goto(`${url}/users`);
  await invite(admin, BOB, 'EDITOR');
  const bob = await person();
  await bob.goto(url + (await linkTo(BOB)));
  await bob.getByRole('link', { name: 'Accept with Google' }).click();
  await bob.locator('[name=login]').fill('bob');
  await bob.getByRole('button', { name: 'Sign in' }).click();
  await bob.getByRole('heading', { name: 'Audit log' }).waitFor();
  // In the admin's list he appears, and becomes active, without loading again.
  await rowOf(admin, BOB).getByText('Active', { exact: true }).waitFor();
}

async function failedDelivery(admin) {
  // The mail server refuses with a long sentence.
  const email = 'bounce@acme.example';
  await admin.goto(`${url}/users`);
  await invite(admin, email);
  // The outcome of the mail arrives as an event.
  await rowOf(admin, email).getByText('Mail failed').waitFor();
  if (look !== 'phone') await staysInShape(admin, email);
  await admin.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Mail failed' }).click();
  await admin.getByText('1 of 1', { exact: true }).waitFor();
  await inspect(admin, 'mail-failed');
  await admin.getByRole('button', { name: 'Resend 1 failed invitation' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Resend the invitations to 1 user?' });
  await dialog.getByText('make sure first that it is repaired').waitFor();
  await inspect(admin, 'resend-failed');
  await dialog.getByRole('button', { name: 'Resend 1 invitation' }).click();
  await told(admin, '1 invitation is sent again');
  // The address still does not exist: the mail fails again, and the offer comes back.
  await admin.getByRole('button', { name: 'Resend 1 failed invitation' }).waitFor();
  await choose(admin, email, 'Copy invitation link');
  await told(admin, 'is copied');
  const link = await admin.evaluate(() => navigator.clipboard.readText());
  const guest = await person();
  await guest.goto(link);
  await guest.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await guest.getByRole('button', { name: 'Accept the invitation' }).click();
  await guest.getByRole('heading', { name: 'My profile' }).waitFor();
  await guest.context().close();
  await admin.getByText('No users match').waitFor();
  await find(admin, email);
  await rowOf(admin, email).getByText('Active', { exact: true }).waitFor();
}

/** The refusal takes one line of a row that is as high as the others, and everything else keeps its room. */
async function staysInShape(admin, email) {
  for (const width of [1024, 1280, 1440]) {
    await admin.setViewportSize({ width, height: 800 });
    await fits(admin, `a refused mail at ${width}`);
    const { height, head, end } = await rowOf(admin, email).evaluate((row) => ({
      height: row.getBoundingClientRect().height,
      head: row.querySelector('[data-column=email]').getBoundingClientRect().width,
      end: row.lastElementChild.getBoundingClientRect().right,
    }));
    assert.ok(height < 60 && head >= 200 && end <= width, `at ${width}: ${height} high, ${head} for the address, ends at ${end}`);
  }
  await admin.setViewportSize({ width: 1280, height: 800 });
  await rowOf(admin, email).getByText('Mail failed').hover();
  await admin.getByRole('tooltip').getByText('User unknown in virtual mailbox table').waitFor();
}
