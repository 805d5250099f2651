// Small things that were wrong once: each has a step of its own. README.md says which step keeps which promise.
import assert from 'node:assert/strict';
import { mutate } from '../api.mjs';
import { inspect, person, provoke, step, until, url } from '../stage.mjs';
import { expiredInvitation } from '../wishes.mjs';
import { choose, find, told } from './row.mjs';

const BOB = 'bob@acme.example';

export async function details({ admin, ada }) {
  await step('a message covers no dialog', () => messageBelow(admin));
  await step('the way back from a person keeps filters and order', () => wayBack(admin));
  await step('a link is copied without a clipboard', () => withoutClipboard(ada));
  await step('an admin is offered to send an expired invitation again', () => expired(admin));
  await step('a browser in another language has whole sentences', () => otherLanguage(ada));
  await step('the form of an invitation says what is missing, and forgets it when one types', () => missing(admin));
  await step('managing begins at the role, and icons are no stops of the Tab key', () => focus(admin));
  await step('only the content is printed', () => printed(admin));
  await step('a part that cannot be loaded says so, and is tried again', () => notLoaded(ada));
  await step('a part that breaks says so with a number that is in the console, and is tried again', () => broken(ada));
  await step('numbers have the separators of the language', () => separators(admin));
}

async function messageBelow(page) {
  await find(page, BOB);
  await choose(page, BOB, 'Deactivate user');
  await page.locator('[data-toast]').waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('i');
  const dialog = page.getByRole('dialog', { name: 'Invite user' });
  await dialog.waitFor();
  // What lies on top at its corners, its middle and its cross belongs to it.
  await until('the dialog on top', () =>
    page.evaluate(() => {
      const dialog = document.querySelector('[role=dialog]');
      const cross = dialog.querySelector('[aria-label=Close]');
      const isOnTop = (element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const points = [
          [left + width / 2, top + height / 2],
          [left + 12, top + 12],
          [left + width - 12, top + height - 12],
        ];
        return points.every(([x, y]) => dialog.contains(document.elementFromPoint(x, y)));
      };
      return isOnTop(dialog) && isOnTop(cross);
    }),
  );
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await choose(page, BOB, 'Activate user');
  await told(page, 'is active again');
}

async function wayBack(page) {
  await page.goto(`${url}/users?role=EDITOR&order=EMAIL.ASC`);
  await page.getByRole('cell').getByRole('link').first().click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'users' }).first().click();
  await page.waitForURL(/users\?role=EDITOR&order=EMAIL.ASC/);
}

async function withoutClipboard(token) {
  const page = await person({ token });
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.addEventListener('copy', () => {
      globalThis.copied = getSelection().toString() || document.activeElement?.value;
    });
  });
  await find(page, 'one@acme.example');
  await choose(page, 'one@acme.example', 'Copy invitation link');
  await told(page, 'is copied');
  assert.match(await page.evaluate(() => globalThis.copied), /\/invitations\//);
  await page.context().close();
}

async function expired(page) {
  const email = 'late@acme.example';
  await expiredInvitation(email);
  await find(page, email);
  await choose(page, email);
  const item = page.getByRole('menuitem', { name: 'Resend invitation' });
  await item.waitFor();
  assert.notEqual(await item.getAttribute('data-disabled'), 'true');
  assert.equal(await page.getByRole('menu').getByText('ask an admin').count(), 0);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

async function otherLanguage(token) {
  const page = await person({ token, locale: 'fr-FR' });
  await page.goto(`${url}/users?status=PENDING_INVITATION`);
  await page
    .getByText(/^expires in \d+ (hours|minutes)/)
    .first()
    .waitFor();
  await page.context().close();
}

async function missing(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await page.getByRole('button', { name: 'Invite user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite user' });
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  const refusal = dialog.getByText('Type the email address of the person.');
  await refusal.waitFor();
  await dialog.getByLabel('Email').first().fill('x');
  await refusal.waitFor({ state: 'detached' });
  await dialog.getByLabel('Email').first().fill('');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

async function focus(page) {
  await find(page, BOB);
  await choose(page, BOB, 'Manage user');
  await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'radio');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.locator('td[data-column="methods"] [tabindex="0"]').count(), 0);
}

async function printed(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await page.emulateMedia({ media: 'print' });
  const isHidden = async (locator) => (await locator.isVisible()) === false;
  assert.ok(await isHidden(page.getByRole('navigation', { name: 'Main' })));
  assert.ok(await isHidden(page.getByRole('button', { name: 'Invite user' })));
  assert.ok(await page.getByRole('table').isVisible());
  await page.emulateMedia({ media: 'screen' });
}

const OVERVIEW = /\/assets\/hashed\/overview-page-[^/]+\.js$/;

async function notLoaded(token) {
  const page = await person({ token });
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await page.route(OVERVIEW, (route) => route.abort('internetdisconnected'));
  await page.getByRole('link', { name: 'Overview' }).click();
  const boundary = page.getByRole('alert').filter({ hasText: 'This part could not be loaded' });
  await boundary.getByRole('button', { name: 'Try again' }).waitFor();
  await inspect(page, 'part-not-loaded');
  // The rest of the page goes on.
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByText('(you)').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await boundary.waitFor();
  await page.unroute(OVERVIEW);
  await boundary.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await boundary.waitFor({ state: 'detached' });
  await page.context().close();
}

async function broken(token) {
  const page = await person({ token });
  const reports = provoke(page, /of the dashboard:|cannot go on/);
  await page.addInitScript(() => {
    globalThis.isBroken = true;
  });
  const body = "export default () => { if (isBroken) throw new Error('it cannot go on'); return 'It goes on.'; };";
  await page.route(OVERVIEW, (route) => route.fulfill({ contentType: 'text/javascript', body }));
  await page.goto(`${url}/overview`);
  const boundary = page.getByRole('alert').filter({ hasText: 'This part could not be shown' });
  const number = await boundary.locator('code').textContent();
  const report = await until('the report', () => reports.find((text) => text.includes(`Error ${number} of the dashboard:`)));
  assert.match(report, /it cannot go on/);
  await inspect(page, 'part-broken');
  // What is still broken says so again; what is not is shown.
  await boundary.getByRole('button', { name: 'Try again' }).click();
  await until('another number', async () => (await boundary.locator('code').textContent()) !== number);
  await page.evaluate(() => {
    globalThis.isBroken = false;
  });
  await boundary.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('It goes on.').waitFor();
  await boundary.waitFor({ state: 'detached' });
  await page.context().close();
}

async function separators(page) {
  const rows = Array.from({ length: 1000 }, (_, index) => ({
    email: `n${index}@numbers.example`,
    role: 'VIEWER',
    authMethods: ['password'],
  }));
  await mutate(page, 'inviteUsers', { rows }, 'invited');
  await page.goto(`${url}/users`);
  await page.getByText(/^1–25 of 1,0\d\d$/).waitFor();
  assert.match(await page.getByRole('navigation', { name: 'Status' }).textContent(), /All1,0\d\d/);
}
