// A shorter story in Firefox as it is shipped, driven by WebDriver BiDi: sign in, list, search, many at once, invite, import, audit log.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import * as wishes from './wishes.mjs';

const url = process.env.ROSTER_URL;
const PASSWORD = 'seven lighthouses hum quietly';
const FILE = path.resolve(import.meta.dirname, '../../src/import/fixtures/excel-unicode.txt');
// As in stage.mjs: only what never happens takes so long.
const TIMEOUT = 120_000;
const WIDE = { width: 1280, height: 900 };
const problems = [];
let current = 'the start';

const find = () => execFileSync('/bin/sh', ['-c', 'command -v firefox-esr || command -v firefox']).toString().trim();
const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: find(),
  headless: true,
  timeout: TIMEOUT,
  protocolTimeout: TIMEOUT,
  defaultViewport: WIDE,
  extraPrefsFirefox: { 'intl.accept_languages': 'en-GB, en' },
});
const page = await browser.newPage();
page.setDefaultTimeout(TIMEOUT);
page.on('console', (message) => {
  if (['error', 'warn'].includes(message.type())) problems.push(`${current}: ${message.text()}`);
});
page.on('pageerror', (error) => problems.push(`${current}: ${error.message}`));

async function step(what, action) {
  current = what;
  const began = performance.now();
  await action();
  console.log(`${(performance.now() - began).toFixed(0).padStart(6)} ms  ${what}`);
}

/** Whatever has this role and name; the name is the whole one. */
const named = (role, name) => page.locator(`::-p-aria(${name}[role="${role}"])`);
/** Waits until the page shows a text. */
const shows = (text) => page.waitForFunction((text) => document.body.textContent.includes(text), {}, text);
const button = (name) => named('button', name).click();
/** What is typed arrives key by key, as from a person. */
async function type(selector, text) {
  await page.locator(selector).click();
  await page.keyboard.type(text);
}

try {
  await wishes.office();
  await step('one signs in', async () => {
    await page.goto(`${url}/acme/sign-in`);
    await type('input[type=email]', 'ada@acme.example');
    await type('input[type=password]', PASSWORD);
    await page.keyboard.press('Enter');
    await shows('(you)');
  });
  await step('the list is searched', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('hopper');
    await shows('1 of 1');
    await page.goto(`${url}/users?order=EMAIL.ASC`);
    await shows('(you)');
  });
  await step('two are selected, their role is changed, and taken back', async () => {
    await page.locator('::-p-aria(Select Annie Easley)').click();
    await page.locator('::-p-aria(Select Eve Miller)').click();
    await shows('2 selected');
    await button('Role');
    await named('menuitem', 'Editor').click();
    await button('Change 2 users');
    await shows('2 users are now Editor.');
    await button('Undo');
    await shows('It is as before.');
  });
  await step('a person is invited', async () => {
    await button('Invite user');
    await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'email');
    await page.keyboard.type('fox@acme.example');
    await page.keyboard.press('Enter');
    await shows('fox@acme.example is invited');
    await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
    await wishes.linkTo('fox@acme.example');
  });
  await step('a file in UTF-16 is read, and its people are invited', async () => {
    await button('Invite user');
    await button('Invite many at once');
    const file = await page.waitForSelector('[role=dialog] input[type=file]');
    await file.uploadFile(FILE);
    await shows('3 people can be invited');
    await shows('joerg.mueller@acme.example');
    await button('Invite 3');
    await shows('3 people are invited.');
    await page.keyboard.press('Escape');
    await wishes.linkTo('zoe@acme.example');
  });
  await step('the audit log tells of it', async () => {
    await page.goto(`${url}/audit-log`);
    await shows('to undo an earlier change');
    await shows('You invited');
    await shows('Times in');
  });
} catch (error) {
  problems.unshift(
    `${current}: ${error.stack ?? error}\n${await page.evaluate(() => document.body.textContent).catch(() => '')}`,
  );
}
await browser.close();
assert.deepEqual(problems, []);
console.log('Firefox: all is as it should be');
process.exit();
