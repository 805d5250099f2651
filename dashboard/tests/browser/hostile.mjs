// Names and addresses that are made to harm: on every page they are text, no script in them runs, nothing becomes too wide.
import assert from 'node:assert/strict';
import { ask, invite, join, mutate, PASSWORD } from './api.mjs';
import { fits, inspect, person, play, step, url } from './stage.mjs';
import { opened } from './story/office.mjs';
import { linkTo } from './wishes.mjs';

const MARKUP = `<img src=x onerror=alert(1)>"'&`;
const ACCOUNT = `<script>alert(2)</script>"'&`;
// Read from right to left, with a letter of no width. What turns letters round that are not of such a script is refused.
const RIGHT_TO_LEFT = '\u05D0\u05D3\u05DE\u05D9\u05DF\u200B (admin)';
const TURNED_ROUND = 'nimda\u202Eadmin';
const LONG = 'W'.repeat(100);
// The local part may have 64 bytes, the whole 254.
const LONG_EMAIL = `${'w'.repeat(64)}@${['x'.repeat(60), 'y'.repeat(60), 'z'.repeat(50), 'example'].join('.')}`;
const ODD_EMAIL = `o'brien&{{7*7}}@acme.example`;
const NO_EMAIL = `"<img/src=x/onerror=alert(3)>"@acme.example`;

await play(async () => {
  const admin = await opened(ACCOUNT);
  const people = await step('people with hostile names and addresses join', () => everybody(admin));
  await step('the pages of an admin show them as text', () => pages(admin, people));
  await step('dialogs about them, too', () => dialogs(admin));
  await step('and the pages before a sign-in', () => entry(admin));
  await step('and their own', () => own(admin));
});

async function everybody(admin) {
  const { user } = await mutate(admin, 'updateUser', { id: await ownId(admin), name: MARKUP });
  const long = await join(admin, { email: LONG_EMAIL, name: LONG, role: 'EDITOR' });
  const odd = await join(admin, { email: ODD_EMAIL, name: RIGHT_TO_LEFT });
  await mutate(admin, 'createApiKey', { name: MARKUP, scopes: ['USERS_READ'] }, 'token');
  await mutate(admin, 'createApiKey', { name: RIGHT_TO_LEFT, scopes: ['USERS_READ'] }, 'token');
  await mutate(admin, 'createApiKey', { name: LONG, scopes: ['USERS_READ'] }, 'token');
  await mutate(admin, 'createServiceKey', { name: MARKUP, scopes: ['USERS_READ'] }, 'token');
  await mutate(admin, 'createServiceKey', { name: LONG, scopes: ['USERS_READ'] }, 'token');
  return { admin: user.id, long: long.id, odd: odd.id };
}

async function ownId(admin) {
  return admin.evaluate(async () => {
    const body = JSON.stringify({ query: '{ viewer { user { id } } }' });
    const answer = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).data.viewer.user.id;
  });
}

async function pages(admin, { admin: id, long, odd }) {
  for (const [path, texts] of [
    ['/users', [MARKUP, LONG, LONG_EMAIL, RIGHT_TO_LEFT, ODD_EMAIL]],
    [`/users/${id}`, [MARKUP]],
    [`/users/${long}`, [LONG, LONG_EMAIL]],
    [`/users/${odd}`, [RIGHT_TO_LEFT, ODD_EMAIL]],
    ['/audit-log', [LONG_EMAIL]],
    ['/overview', []],
    ['/api-keys', [MARKUP, LONG]],
    ['/service-keys', [MARKUP, LONG]],
    ['/account', []],
    ['/profile', [MARKUP]],
  ]) {
    await admin.goto(url + path);
    await admin.getByRole('heading', { level: 1 }).waitFor();
    for (const text of texts) await admin.getByText(text).filter({ visible: true }).first().waitFor();
    await admin.getByRole('banner').getByText(ACCOUNT).waitFor();
    await isHarmless(admin, `hostile${path.replace(/\/[0-9a-f-]{36}$/, '-user').replaceAll('/', '-')}`);
  }
  assert.equal(await admin.getByLabel('Your name').inputValue(), MARKUP);
}

/** Nothing that they entered became an element, and the page is as well made as any, narrow and wide. */
async function isHarmless(page, title) {
  assert.equal(
    await page.locator('img[src=x], [onerror], body script:not([src])').count(),
    0,
    `${title}: markup became an element`,
  );
  assert.deepEqual(await page.evaluate(turning), [], `${title}: names from right to left turn what is beside them`);
  await inspect(page, title);
  const narrow = page.viewportSize();
  for (const width of [320, 1280]) {
    await page.setViewportSize({ ...narrow, width });
    await fits(page, `${title} at ${width}`);
  }
  await page.setViewportSize(narrow);
}

/** Runs in the page: every text from right to left that is not set apart from the text around it. */
function turning() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (/[\u0590-\u05ff]/.test(node.data) && !node.parentElement.closest('bdi, [dir=auto]'))
      found.push(node.parentElement.outerHTML);
  }
  return found;
}

async function dialogs(admin) {
  for (const [entry, title] of [
    ['Manage user', 'manage'],
    ['Delete user', 'delete'],
  ]) {
    await admin.goto(`${url}/users?q=${'w'.repeat(64)}`);
    await admin.getByRole('button', { name: `Actions for ${LONG_EMAIL}` }).click();
    await isHarmless(admin, `hostile-menu-${title}`);
    await admin.getByRole('menuitem', { name: entry }).click();
    await admin.getByRole('dialog').getByText(LONG_EMAIL).waitFor();
    await isHarmless(admin, `hostile-${title}`);
  }
  await admin.goto(`${url}/api-keys`);
  await admin.getByRole('button', { name: `Revoke ${LONG}` }).click();
  await admin.getByRole('dialog').getByText(LONG).waitFor();
  await isHarmless(admin, 'hostile-revoke');
  await admin.goto(`${url}/profile`);
  await admin.getByRole('button', { name: /^Leave/ }).click();
  await admin.getByRole('dialog').waitFor();
  await isHarmless(admin, 'hostile-leave');
  await admin.goto(`${url}/users`);
  await admin.getByRole('button', { name: 'Invite user' }).click();
  await admin.getByRole('button', { name: 'Invite many at once' }).click();
  await admin.getByLabel('People').fill(`${NO_EMAIL}\n${LONG_EMAIL}\n${MARKUP}`);
  await isHarmless(admin, 'hostile-invite-many');
}

async function entry(admin) {
  const email = `${'v'.repeat(64)}@acme.example`;
  await invite(admin, email, 'EDITOR');
  const guest = await person();
  await guest.goto(url + (await linkTo(email)));
  await guest.getByRole('heading', { name: `Join ${ACCOUNT}` }).waitFor();
  await guest.getByText(email).waitFor();
  await isHarmless(guest, 'hostile-accept');
  // Of the address in the link nothing is believed.
  for (const path of [`/sign-in?next=${encodeURIComponent('javascript:alert(4)')}`, `/${encodeURIComponent('<b>x')}/sign-in`]) {
    await guest.goto(url + path);
    await guest.getByLabel('Email').waitFor();
    await isHarmless(guest, 'hostile-sign-in');
  }
  await guest.goto(`${url}/sign-in?next=${encodeURIComponent('//evil.example/')}`);
  await guest.getByLabel('Email').fill(ODD_EMAIL);
  await guest.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await guest.getByRole('button', { name: 'Sign in', exact: true }).click();
  await guest.getByRole('heading', { name: 'My profile' }).waitFor();
  assert.equal(new URL(guest.url()).origin, url, 'signing in leads to no other site');
  await isHarmless(guest, 'hostile-odd');
  await guest.context().close();
}

async function own() {
  const other = await person();
  await other.goto(`${url}/acme/sign-in`);
  await other.getByLabel('Email').fill(LONG_EMAIL);
  await other.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.getByRole('heading', { name: 'Audit log' }).waitFor();
  await isHarmless(other, 'hostile-own-log');
  await other.goto(`${url}/profile`);
  await other.getByText(LONG_EMAIL).first().waitFor();
  await isHarmless(other, 'hostile-own-profile');
  await other.getByLabel('Your name').fill(TURNED_ROUND);
  await other.getByRole('button', { name: 'Change name' }).click();
  await other.getByText('control character').waitFor();
  assert.equal((await ask('{ viewer { user { id } } }')).data.viewer, null);
  await other.context().close();
}
