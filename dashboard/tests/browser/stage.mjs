// Where a story is played: one browser, people with a profile each, steps that say where it failed, and a look at every page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// How long one action may take: only what never happens takes so long. Shorter than the test's own timeout, because it says more.
const TIMEOUT = 120_000;
// How often at most the test is told that something goes on.
const BEAT = 1000;
const WIDE = { width: 1280, height: 800 };
const LOOKS = {
  light: { viewport: WIDE, colorScheme: 'light' },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
};
// What axe looks at in further looks: the colours where they differ, and all the rest where the layout differs.
const COLOURS = ['color-contrast', 'link-in-text-block'];
const FURTHER = {
  dark: { runOnly: { type: 'rule', values: COLOURS } },
  phone: { rules: Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }])) },
};
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The server, without a slash at the end. */
export const url = process.env.ROSTER_URL;
// How the browser looks while the story is played, and how else a page is looked at: `light`, `dark`, `phone`.
const looks = (process.env.LOOKS ?? 'light').split(',');
/** How the browser looks. */
export const look = looks[0];

/** The name of the session's cookie, which holds the port. */
export const sessionCookie = () => `roster_session_${new URL(url).port}`;
const pictures = process.env.SCREENSHOTS ?? 'screenshots';
const name = [path.basename(process.argv[1], '.mjs'), ...process.argv.slice(2)].join('-');
const people = [];
const problems = [];
const provoked = new Map();
let current = 'the start';
let browser = null;

function start() {
  const executablePath = execFileSync('/bin/sh', ['-c', 'command -v chromium']).toString().trim();
  return chromium.launch({ executablePath, args: FLAGS, timeout: TIMEOUT });
}

let beaten = 0;

/** Tells the test that something goes on: it gives up when it hears nothing for long. */
function beat() {
  if (performance.now() - beaten < BEAT) return;
  beaten = performance.now();
  console.log('.');
}

/** Plays a story to its end. It fails where a step does, and where any page complained. */
export async function play(story) {
  browser = await start().catch(start);
  try {
    await story();
  } catch (error) {
    problems.unshift(`${current}: ${error.stack ?? error}`);
    await keepPictures();
  }
  await browser.close();
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`${name}, ${look}: all is as it should be`);
  process.exit(problems.length === 0 ? 0 : 1);
}

/** A part of the story; what fails is told with its name. */
export async function step(what, action) {
  current = what;
  beat();
  const began = performance.now();
  const result = await action();
  console.log(`${(performance.now() - began).toFixed(0).padStart(6)} ms  ${what}`);
  return result;
}

/** A browser with its own profile, signed in if a session's token is given. Complaints of its pages are collected. */
export async function person({ token, ...options } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...LOOKS[look], ...options });
  context.setDefaultTimeout(TIMEOUT);
  if (token) await context.addCookies([{ name: sessionCookie(), value: token, url, httpOnly: true, sameSite: 'Lax' }]);
  await context.addInitScript(rememberMessages);
  const page = await context.newPage();
  page.on('request', beat);
  people.push(page);
  const complain = (text) => problems.push(`${current}: ${page.url()}: ${text}`);
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type()) || isMeant(message)) return;
    const { pattern, texts } = provoked.get(page) ?? {};
    if (pattern?.test(message.text())) texts.push(message.text());
    else complain(message.text());
  });
  page.on('request', (request) => saysForWhom(request) || complain(`${request.url()} does not say for whom the page acts`));
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (/"connection_init"/.test(payload) && !/"actingFor":"/.test(payload))
        complain('a socket does not say for whom the page acts');
    }),
  );
  page.on('pageerror', (error) => complain(error.message));
  page.on('dialog', (dialog) => {
    complain(`a dialog of the browser says ${dialog.message()}`);
    dialog.dismiss();
  });
  return page;
}

/** What a step breaks on purpose: such complaints of a page are no problem. They are collected in what is returned. */
export function provoke(page, pattern) {
  const texts = [];
  provoked.set(page, { pattern, texts });
  return texts;
}

// What a page asks before it knows whom it shows, and to find that out.
const BEFORE = [
  'Session',
  'WhoIsSignedIn',
  'SignInOptions',
  'SignInPageOf',
  'Invitation',
  'PasswordReset',
  'OpensFirstAccount',
  'SignIn',
  'RequestReset',
];

/** Whether a request of the dashboard says for whom its page acts, or needs not. Requests of the tests themselves accept anything. */
function saysForWhom(request) {
  const { pathname, searchParams } = new URL(request.url());
  if (pathname.endsWith('/export')) return searchParams.has('acting_for');
  const headers = request.headers();
  if (pathname !== '/graphql' || !headers.accept?.includes('graphql-response')) return true;
  return BEFORE.includes(request.postDataJSON()?.operationName) || headers['roster-acting-for'] !== undefined;
}

/** Runs in every page: a message goes away by itself, perhaps before a slow script looks for it. `told` finds it here. */
function rememberMessages() {
  globalThis.messages = [];
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node instanceof Element);
    for (const node of added) {
      for (const message of [node, ...node.querySelectorAll('*')].filter((one) => one.getAttribute('role') === 'alert'))
        globalThis.messages.push(message.textContent);
    }
  }).observe(document, { childList: true, subtree: true });
}

/** The browser reports requests that came to nothing: stories go offline on purpose, and open what is refused. */
function isMeant(message) {
  return /ERR_INTERNET_DISCONNECTED|the server responded with a status of 4/.test(message.text());
}

/**
 * Looks at the page as it is, in every look: axe finds nothing, nothing is wider than the screen, and a picture is kept under this name.
 * Afterwards the page looks as before.
 */
export async function inspect(page, title) {
  for (const one of looks) {
    await show(page, one);
    await inspectAs(page, one, title);
  }
  await show(page, look);
}

async function show(page, one) {
  if (looks.length === 1) return;
  await page.setViewportSize(LOOKS[one].viewport);
  await page.emulateMedia({ colorScheme: LOOKS[one].colorScheme });
}

async function inspectAs(page, one, title) {
  beat();
  const where = `${title}, ${one}`;
  await fits(page, where);
  await showsBoxes(page, where);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const rules = one === look ? {} : FURTHER[one];
  const { violations } = await page.evaluate(
    (rules) => globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false, ...rules }),
    rules,
  );
  for (const { id, impact, nodes } of violations) {
    for (const node of nodes)
      problems.push(`${where}: ${id} (${impact}): ${node.html.slice(0, 200)} ${node.failureSummary?.split('\n')[1] ?? ''}`);
  }
  await picture(page, path.join(one, `${title}.png`));
}

/** What can be ticked has an edge that is seen, which axe does not look at. */
async function showsBoxes(page, where) {
  const faint = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--roster-edge)';
    const edge = getComputedStyle(probe).color;
    probe.remove();
    const boxes = document.querySelectorAll('.mantine-Checkbox-input, .mantine-Radio-radio');
    return [...boxes]
      .filter((box) => !box.checked && !box.disabled && !('indeterminate' in box.dataset) && !('error' in box.dataset))
      .filter((box) => getComputedStyle(box).borderTopColor !== edge)
      .map((box) => box.outerHTML.slice(0, 200));
  });
  for (const box of faint) problems.push(`${where}: its edge is not seen: ${box}`);
}

/** Nothing of the page is wider than the screen. */
export async function fits(page, title) {
  await isCalm(page);
  const { wide, screen } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { wide: scrollWidth, screen: clientWidth };
  });
  if (wide > screen) problems.push(`${title}: the page is ${wide - screen} pixels wider than the screen`);
}

/** Waits until nothing moves on the page any more, except what moves without end. */
async function isCalm(page) {
  // What has just been opened begins to move with the next frame.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity),
  );
}

async function keepPictures() {
  for (const [index, page] of people.entries()) {
    if (page.isClosed()) continue;
    const file = `${name}-${look}-${index}.png`;
    const isKept = await picture(page, path.join('failed', file)).then(
      () => true,
      () => false,
    );
    problems.push(`person ${index} is at ${page.url()}${isKept ? `: see ${path.join(pictures, 'failed', file)}` : ''}`);
  }
}

async function picture(page, file) {
  const target = path.join(pictures, file);
  mkdirSync(path.dirname(target), { recursive: true });
  await page.screenshot({ path: target, caret: 'hide' });
}

/** Waits until `find` answers something true; it is asked again and again. */
export async function until(what, find) {
  for (const end = Date.now() + TIMEOUT; Date.now() < end; ) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`waited in vain for ${what}`);
}
