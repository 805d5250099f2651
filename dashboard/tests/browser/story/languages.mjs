// Languages: every text comes from a catalogue, German is complete, and pages fit from right to left. Each walks through all pages, with the
// menus and dialogs that they open.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { invite } from '../api.mjs';
import { fits, inspect, look, person, step, until, url } from '../stage.mjs';
import { linkTo } from '../wishes.mjs';

const WIDTHS = [390, 1280];
const PAGES = [
  '/overview',
  '/users',
  '/users?status=PENDING_INVITATION&role=VIEWER&created-from=2026-01-01',
  '/users?q=nothing-like-this',
  '/audit-log',
  '/audit-log?type=ROLE_CHANGED',
  '/audit-log?view=refused',
  '/audit-log?view=compare',
  '/api-keys',
  '/service-keys',
  '/account',
  '/profile',
  '/nothing/here',
];
const ENTRY = ['/sign-in', '/acme/sign-in', '/forgot-password', '/acme/invitations/nonsense', '/acme/reset-password/nonsense'];
// What is not translated: addresses, and the names of people, accounts, providers and programs.
const DATA = [
  /\S+@\S+/g,
  /https?:\S+/g,
  /\b(?:Ada|Eve Miller|Bob Stone|Grace Hopper|Katherine Johnson|Margaret Hamilton|Radia Perlman|Barbara Liskov|Annie Easley)\b/g,
  /\b(?:Acme Works|acme|juggler|Roster|Google|Ctrl|UTC|Mozilla\/.*)\b/g,
];

export async function languages({ admin, bob }) {
  const guest = await person();
  const link = await invitationLink(admin);
  await step('every text comes from a catalogue', async () => {
    await nothingFound((found) => walk(admin, guest, link, 'pseudo', (page, where) => addStray(page, where, found)));
  });
  await step('in German nothing is English', async () => {
    const english = englishTexts();
    await nothingFound((found) => walk(admin, guest, link, 'de', (page, where) => addEnglish(page, where, english, found)));
  });
  await step('from right to left, no page is wider than the screen', async () => {
    await walk(admin, guest, link, 'pseudo-rtl', fitsInBoth);
    assert.equal(await admin.evaluate(() => getComputedStyle(document.body).direction), 'rtl');
  });
  await step('a person chooses another language', () => chooses(bob));
  await guest.context().close();
}

async function invitationLink(admin) {
  const email = 'kim@acme.example';
  await invite(admin, email);
  return linkTo(email);
}

/** Opens every page in a language, with what it can open, and checks each. */
async function walk(admin, guest, link, language, check) {
  for (const page of [admin, guest]) {
    if (page.url() === 'about:blank') await page.goto(`${url}/sign-in`);
    await page.evaluate((tag) => localStorage.setItem('roster-language', tag), language);
  }
  for (const path of [...ENTRY, link]) await visit(guest, path, check);
  for (const path of PAGES) await visit(admin, path, check);
  await visit(admin, '/users', check);
  await opensOnUsers(admin, check);
  const person = await admin.locator('td a[href^="/users/"]').first().getAttribute('href');
  await visit(admin, person, check);
  await opensEach(admin, 'main button[data-variant=default]:not([data-disabled])', check, 1);
  await visit(admin, '/audit-log', check);
  await admin.locator('main ol [aria-expanded=false]').first().click();
  await check(admin, 'details of an event');
  await visit(admin, '/api-keys', check);
  await opensEach(admin, 'main button', check, 1);
}

async function visit(page, path, check) {
  await page.goto(url + path);
  await isShown(page);
  await check(page, path);
}

/** Waits until a page has its content: a heading, nothing that loads, and the rest of the texts. */
async function isShown(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.mantine-Loader-root, [aria-busy=true]'));
}

/** Opens what the list of users can open. */
async function opensOnUsers(page, check) {
  await opensEach(page, 'main td [aria-haspopup=menu]', check, 1);
  await opensEach(page, 'main [aria-haspopup=dialog], main [aria-haspopup=menu]', check, 5);
  const checkbox = page.locator('main tbody input[type=checkbox]').nth(1);
  await checkbox.check();
  await page.locator('[data-bulk-bar]').waitFor();
  await opensEach(page, '[data-bulk-bar] button', check, 5);
  if (await checkbox.isVisible()) await checkbox.uncheck();
  for (const key of look === 'phone' ? [] : ['?', 'Control+k', 'i']) {
    await page.locator('h1').click();
    await page.keyboard.press(key);
    const dialog = page.getByRole('dialog').first();
    await dialog.waitFor();
    await check(page, `the key ${key}`);
    if (key === 'i') await opensMany(page, dialog, check);
    await closes(page);
  }
}

/** From the dialog that invites one, the one that invites many, with rows that can be invited and rows that cannot. */
async function opensMany(page, dialog, check) {
  await dialog.locator('form button[type=button].mantine-Anchor-root').click();
  const text = page.getByRole('dialog').locator('textarea');
  await text.fill('new@acme.example, editor\nnot an address\nnew@acme.example\neve@acme.example\nsome@acme.example, juggler');
  await check(page, 'inviting many');
  await page.getByRole('dialog').locator('[data-first-of=choose]').click();
  await page.locator('[data-first-of=review]').waitFor();
  await page.waitForLoadState('networkidle');
  await check(page, 'every row');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').nth(1).waitFor();
  await check(page, 'losing input');
  // The focus is on what keeps the input; what discards it comes next.
  await page.locator('[role=dialog] button[data-autofocus]:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

/** Clicks some of the elements, one after the other; checks what opens, and closes it. */
async function opensEach(page, selector, check, most) {
  const all = page.locator(selector);
  const count = Math.min(await all.count(), most);
  for (let at = 0; at < count; at += 1) {
    const opener = all.nth(at);
    if (!(await opener.isVisible()) || !(await opener.isEnabled())) continue;
    await opener.click();
    await page.waitForLoadState('networkidle');
    await check(page, `${selector} ${at}`);
    await closes(page);
  }
}

/** Escape closes what is open; what has just been opened may not hear it yet. */
async function closes(page) {
  const open = page.locator('[role=dialog], [role=menu]');
  await until('what is open to close', async () => {
    if ((await open.count()) === 0) return true;
    await page.keyboard.press('Escape');
    return false;
  });
}

async function fitsInBoth(page, where) {
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await fits(page, `${where} from right to left, ${width} pixels`);
  }
  await page.setViewportSize(before);
}

/** What people can read or hear on a page: texts and the attributes that say something. */
function said() {
  const isKept = (element) => element.closest('bdi, code, kbd, textarea, [translate=no], script, style, noscript') !== null;
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!isKept(walker.currentNode.parentElement)) found.push(walker.currentNode.data.trim());
  for (const element of document.body.querySelectorAll('*')) {
    if (isKept(element)) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '');
  }
  return [...new Set(found)];
}

/** Walks, and fails with everything that was found on the way. */
async function nothingFound(walks) {
  const found = new Map();
  await walks(found);
  assert.deepEqual(Object.fromEntries(found), {});
}

/** Latin letters without marks: in the language of tests, no catalogue has them. */
async function addStray(page, where, found) {
  for (const text of await page.evaluate(said)) {
    const rest = DATA.reduce((left, data) => left.replace(data, ''), text);
    if (/[A-Za-z]{2,}/.test(rest) && !found.has(text)) found.set(text, where);
  }
}

async function addEnglish(page, where, english, found) {
  for (const text of await page.evaluate(said)) if (english.has(text) && !found.has(text)) found.set(text, where);
}

/** The English texts that are others in German. */
function englishTexts() {
  const texts = new Set();
  for (const file of ['start', 'more']) {
    const catalogue = readFileSync(new URL(`../../../src/locales/de/${file}.po`, import.meta.url), 'utf8');
    for (const [, id, german] of catalogue.matchAll(/^msgid (".+")\nmsgstr (".+")$/gm)) {
      const english = JSON.parse(id);
      if (english !== JSON.parse(german) && !english.includes('{')) texts.add(english);
    }
  }
  return texts;
}

/** In the menu of the person. The choice stays, and the page says its language. */
async function chooses(token) {
  const bob = await person({ token });
  await bob.goto(`${url}/profile`);
  await bob.getByRole('heading', { name: 'My profile' }).waitFor();
  if (look === 'phone') await bob.getByRole('button', { name: 'Menu' }).click();
  await bob.getByRole('button', { name: /Bob Stone/ }).click();
  await bob.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await bob.getByRole('heading', { name: 'Mein Profil' }).waitFor();
  assert.equal(await bob.evaluate(() => document.documentElement.lang), 'de');
  await bob.goto(`${url}/audit-log`);
  await bob.getByRole('heading', { name: 'Audit-Protokoll' }).waitFor();
  await inspect(bob, 'audit-log-german');
  // Without a choice, the browser decides.
  const guest = await person({ locale: 'de-AT' });
  await guest.goto(`${url}/sign-in`);
  await guest.getByRole('heading', { name: 'Anmelden' }).waitFor();
  await inspect(guest, 'sign-in-german');
  await guest.getByRole('button', { name: 'English' }).click();
  await guest.getByRole('heading', { name: 'Sign in' }).waitFor();
  await guest.context().close();
  await bob.context().close();
}
