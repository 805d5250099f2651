// Walks through the pages of an empty `roster dev --no-demo` as people do, in a real browser without scripts:
//   node scripts/pages-in-a-browser.mjs URL WELCOME_LINK
// With a link that is dead, it looks at what its page says:
//   node scripts/pages-in-a-browser.mjs URL --dead LINK SENTENCE
// Exits with 1 and a sentence where a page is not as it should be. SCREENSHOTS=folder keeps a picture of every page, light and dark.
// The driver is looked for in target/test-tools/browser; to put it there:
//   npm install --prefix target/test-tools/browser playwright-core@1.65.1
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ADMIN = 'ada@acme.example';
const INVITED = 'eve@acme.example';
const PASSWORD = 'seven lighthouses hum quietly';
const OTHER_PASSWORD = 'copper kettles never apologise';
const PATIENCE = 20_000;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

const [url, ...rest] = process.argv.slice(2);
const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'target', 'test-tools', 'browser');
const { chromium } = createRequire(path.join(process.env.BROWSER_TOOLS ?? beside, 'package.json'))('playwright-core');
const browser = await start().catch(start);
const problems = [];
let pictures = 0;

try {
  await (rest[0] === '--dead' ? deadLink(rest[1], rest[2]) : wholeWalk(rest[0]));
} finally {
  await browser.close();
}
assert.deepEqual(problems, [], 'the pages report problems');
console.log(`the pages are as they should be, ${pictures} pictures`);

function start() {
  const executablePath = execFileSync('/bin/sh', ['-c', 'command -v chromium']).toString().trim();
  return chromium.launch({ executablePath, args: FLAGS, timeout: PATIENCE });
}

/** Somebody's browser: a profile of its own, and a list of everything that a page complains about. */
async function person(options = {}) {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('console', (message) => {
    // That a page itself is a refusal, with a status that says so, is no complaint.
    const isOfPage = message.text().includes('the server responded with a status of') && message.location().url === page.url();
    if (['error', 'warning'].includes(message.type()) && !isOfPage) problems.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document') problems.push(`${response.url()}: ${response.status()}`);
  });
  return page;
}

/** What holds of every page. */
async function isWellMade(page, title, name) {
  assert.match(await page.title(), title);
  assert.equal(await page.locator('h1').count(), 1, `${name}: one heading`);
  assert.equal(await page.locator('html[lang=en]').count(), 1, `${name}: a language`);
  assert.equal(await page.locator('script, [style], [onclick]').count(), 0, `${name}: nothing that the policy forbids`);
  for (const input of await page.locator('input:not([type=hidden])').all()) {
    const id = await input.getAttribute('id');
    assert.equal(await page.locator(`label[for="${id}"]`).count(), 1, `${name}: ${id} has a label`);
    assert.ok(await input.getAttribute('autocomplete') || await input.getAttribute('autocapitalize'), `${name}: ${id} can be filled in`);
  }
  const card = await page.locator('main').boundingBox();
  assert.ok(card && card.width <= 420 && card.width >= 200, `${name}: the stylesheet is applied (${card?.width})`);
  if (process.env.SCREENSHOTS) {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}-${colorScheme}.png`) });
      pictures += 1;
    }
  }
}

async function wholeWalk(welcome) {
  const ada = await person();
  await opensTheAccount(ada, welcome);
  await signsOutAndIn(ada);
  await isRefusedWithAWrongPassword(ada);
  await changesThePassword(ada);
  await invites(ada, INVITED);
  const link = await linkInTheMailbox(ada, INVITED);
  await accepts(await person({ javaScriptEnabled: true, viewport: { width: 360, height: 740 } }), link);
  await looksAt(await person(), link, 'was accepted already', 'accepted');
  await forgetsThePassword(await person());
  await seesAReplacedLink(ada);
  await looksAt(await person(), `${url}/acme/invitations/nonsense`, 'is not valid', 'invalid');
  await looksAt(await person(), welcome, 'is not valid any more', 'welcome-used');
}

async function opensTheAccount(page, welcome) {
  await page.goto(url);
  await isWellMade(page, /^Start · Roster$/, 'empty');
  await page.goto(welcome);
  await isWellMade(page, /^Welcome · Roster$/, 'welcome');
  await page.getByLabel('Name of the account').fill('Acme <b>Works</b>');
  await page.getByLabel('Short name').fill('acme');
  await page.getByLabel('Your e-mail').fill(ADMIN);
  await page.getByLabel('Password').fill('password1234');
  await page.getByRole('button', { name: 'Open the account' }).click();
  await says(page, 'too easy to guess');
  await isWellMade(page, /^Welcome · Roster$/, 'welcome-refused');
  assert.equal(await page.getByLabel('Name of the account').inputValue(), 'Acme <b>Works</b>');
  assert.equal(await page.getByLabel('Your e-mail').inputValue(), ADMIN);
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the account' }).click();
  await isSignedIn(page, ADMIN);
  assert.equal(await page.locator('h1').textContent(), 'Acme <b>Works</b>');
}

async function signsOutAndIn(page) {
  await signsOut(page);
  await signsIn(page, ADMIN, PASSWORD);
  await isSignedIn(page, ADMIN);
}

async function isRefusedWithAWrongPassword(page) {
  await signsOut(page);
  await isWellMade(page, /^Sign in/, 'sign-in');
  await signsIn(page, ADMIN, 'not the password');
  await says(page, 'The e-mail address or the password is wrong.');
  await isWellMade(page, /^Sign in/, 'sign-in-refused');
  assert.equal(await page.getByLabel('E-mail').inputValue(), ADMIN, 'what was typed is kept');
  assert.equal(await page.getByLabel('Password').inputValue(), '', 'the password is not');
  await signsIn(page, ADMIN, PASSWORD);
  await isSignedIn(page, ADMIN);
}

async function changesThePassword(page) {
  await page.getByRole('link', { name: 'Change your password' }).click();
  await isWellMade(page, /^Change your password · Roster$/, 'password');
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await says(page, 'The current password is wrong.');
  await isWellMade(page, /^Change your password · Roster$/, 'password-refused');
  assert.equal(await page.getByLabel('New password').inputValue(), '', 'no password is kept');
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByLabel('New password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await isSignedIn(page, ADMIN);
  await signsOut(page);
  await signsIn(page, ADMIN, OTHER_PASSWORD);
  await isSignedIn(page, ADMIN);
}

/** From the sign-in page to the mail and back, signed in. */
async function forgetsThePassword(page) {
  await page.goto(`${url}/acme/sign-in`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await isWellMade(page, /^Forgot your password · Roster$/, 'forgot-password');
  await page.getByLabel('E-mail').fill(INVITED);
  await page.getByRole('button', { name: 'Send the mail' }).click();
  await says(page, 'If somebody has this address, a mail is on its way.', 'main');
  await isWellMade(page, /^Look into your mail · Roster$/, 'mail-is-on-its-way');
  const link = await linkInTheMailbox(page, `Your new password`);
  await page.goto(link);
  await isWellMade(page, /^Choose a new password · Roster$/, 'reset-password');
  await page.getByLabel('New password').fill('password1234');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await says(page, 'too easy to guess');
  await isWellMade(page, /^Choose a new password · Roster$/, 'reset-password-refused');
  await page.getByLabel('New password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await isSignedIn(page, INVITED);
  await page.goto(link);
  await says(page, 'is not valid any more', 'main');
  await isWellMade(page, /^This link does not work · Roster$/, 'reset-password-used');
  await page.getByRole('link', { name: 'Ask for a new link' }).click();
  await isWellMade(page, /^Forgot your password · Roster$/, 'forgot-password-again');
}

/** Ends the session, and follows the way back in. */
async function signsOut(page) {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in to Acme' }).click();
  await page.getByLabel('E-mail').waitFor();
  assert.equal(page.url(), `${url}/acme/sign-in`);
}

async function accepts(page, link) {
  await page.goto(link);
  await isWellMade(page, /^Join Acme/, 'invitation');
  await says(page, INVITED, 'main');
  await page.getByLabel('Your name').fill('Eve Miller');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await says(page, 'too easy to guess');
  await isWellMade(page, /^Join Acme/, 'invitation-refused');
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Eve Miller');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await isSignedIn(page, INVITED);
  const cookies = await page.context().cookies();
  assert.deepEqual(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]), [['roster_session', true, 'Lax']]);
  assert.equal(await page.evaluate(() => document.cookie), '', 'scripts cannot read the session');
}

async function seesAReplacedLink(ada) {
  const id = await invites(ada, 'ivo@acme.example');
  const old = await linkInTheMailbox(ada, 'ivo@acme.example');
  await mutate(ada, 'resendInvitation', { id, confirmEmail: 'ivo@acme.example' });
  await looksAt(await person(), old, 'was replaced by a newer one', 'replaced');
}

async function deadLink(link, sentence) {
  await looksAt(await person(), link, sentence, 'dead');
}

async function looksAt(page, link, sentence, name) {
  await page.goto(link);
  await says(page, sentence, 'main');
  await isWellMade(page, /^This (invitation cannot be accepted|link does not work) · Roster$/, name);
}

async function signsIn(page, email, password) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function isSignedIn(page, email) {
  await page.getByText(`You are signed in as ${email}`).waitFor();
  await isWellMade(page, /^Signed in · Roster$/, 'signed-in');
}

async function says(page, text, where = '[role=alert]') {
  await page.locator(where).filter({ hasText: text }).waitFor();
}

function invites(page, email) {
  return mutate(page, 'inviteUser', { email, role: 'EDITOR', authMethods: ['password'] });
}

/** Runs a mutation with the session of a page, and answers the id of the user. */
async function mutate(page, mutation, input) {
  const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${mutation}(input: $input) { user { id } userErrors { message } } }`;
  const answer = await page.context().request.post(`${url}/graphql`, { data: { query, variables: { input } }, headers: { origin: url } });
  const { data } = await answer.json();
  assert.deepEqual(data[mutation].userErrors, []);
  return data[mutation].user.id;
}

/** Opens the mail that is listed with this text, as soon as it is there, and reads its link. */
async function linkInTheMailbox(page, text) {
  const mail = page.getByRole('link').filter({ hasText: text }).first();
  for (const end = Date.now() + PATIENCE; Date.now() < end && (await mail.count()) === 0; ) await page.goto(`${url}/mailbox`);
  await mail.click();
  return page.locator('pre a').getAttribute('href');
}
