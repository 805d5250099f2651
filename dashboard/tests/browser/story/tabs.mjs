// All tabs of a browser share one session. A page acts for the person whom it shows, or not at all.
import assert from 'node:assert/strict';
import { PASSWORD } from '../api.mjs';
import { inspect, step, url } from '../stage.mjs';
import { anotherAccount, linkTo } from '../wishes.mjs';
import { ADMIN } from './opening.mjs';
import { told } from './row.mjs';

const TYPED = 'meant.for.acme@acme.example';

export async function tabs(admin) {
  await anotherAccount('Bolt & Sons', 'bolt', ADMIN);
  const other = await admin.context().newPage();
  await step('an invitation that is opened while another person is signed in asks first', () => asksFirst(admin, other));
  await step('a page does nothing for another person who is signed in now', () => doesNothing(admin, other));
  await step('its own person signs in again, and goes on', () => goesOn(admin));
  await step('an export is refused as well, and the page goes on as the other person when told to', () => exports(other));
}

async function asksFirst(admin, other) {
  await admin.getByRole('button', { name: 'Invite user' }).click();
  await admin.getByRole('dialog').getByLabel('Email', { exact: true }).fill(TYPED);
  const link = await linkTo(ADMIN);
  await other.goto(url + link);
  await other
    .getByRole('status')
    .filter({ hasText: `In this browser ${ADMIN} is signed in, in Acme Works` })
    .waitFor();
  await other.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await inspect(other, 'accept-signed-in');
  const accept = other.getByRole('button', { name: 'Accept the invitation' });
  await accept.click();
  const question = other.getByRole('dialog', { name: /^Sign out/ });
  await question.waitFor();
  await inspect(other, 'accept-replaces');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  assert.equal(await accountOf(admin), 'Acme Works', 'nothing has happened');
  await accept.click();
  await question.getByRole('button', { name: 'Sign them out, and go on' }).click();
  await other.getByRole('banner').getByText('Bolt & Sons').waitFor();
}

async function doesNothing(admin, other) {
  // The page may have noticed by itself: then the dialog is hidden already.
  await admin
    .getByRole('button', { name: 'Invite', exact: true })
    .click({ timeout: 5000 })
    .catch(() => {});
  await admin.getByRole('heading', { name: 'Another person is signed in now' }).waitFor();
  await admin.getByText('Bolt & Sons').first().waitFor();
  assert.equal(await admin.getByRole('dialog').isVisible(), false, 'what was typed is not shown');
  assert.equal(await admin.getByRole('table').isVisible(), false, 'nor is anyone else');
  await inspect(admin, 'session-changed');
  assert.equal(await countOf(other), 1, 'no one is invited into the other account');
}

async function goesOn(admin) {
  await admin.getByRole('button', { name: `Sign in as ${ADMIN} again` }).click();
  await admin.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await admin.getByRole('button', { name: 'Sign in again' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Invite user' });
  assert.equal(await dialog.getByLabel('Email', { exact: true }).inputValue(), TYPED);
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await told(admin, `${TYPED} is invited`);
  // What was closed with the session is open again.
  await admin.getByRole('link', { name: TYPED }).waitFor();
}

async function exports(other) {
  await other
    .getByRole('link', { name: 'Export as CSV' })
    .click({ timeout: 5000 })
    .catch(() => {});
  await other.getByRole('heading', { name: 'Another person is signed in now' }).waitFor();
  await other.getByRole('button', { name: /^Continue as/ }).click();
  await other.getByRole('banner').getByText('Acme Works').waitFor();
  const download = other.waitForEvent('download');
  await other.getByRole('link', { name: 'Export as CSV' }).click();
  assert.match((await download).suggestedFilename(), /^roster-acme-users-/);
}

/** The account of the person who is signed in in the browser of a page. */
const accountOf = (page) => query(page, '{ viewer { account { name } } }').then((data) => data.viewer.account.name);
const countOf = (page) => query(page, '{ users { totalCount } }').then((data) => data.users.totalCount);

async function query(page, query) {
  const answer = await page.evaluate(async (body) => {
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return response.json();
  }, JSON.stringify({ query }));
  return answer.data;
}
