// How soon the list of users can be used, with nothing in the browser's cache: `make bench-pages` plays it.
import assert from 'node:assert/strict';
import { mutate } from './api.mjs';
import { person, play, step, url } from './stage.mjs';
import { opened } from './story/office.mjs';
import { crowd } from './wishes.mjs';

const MAX_MILLISECONDS = 1000;
const TRIES = 5;
// Other work on the machine may spoil one round, hardly all of them.
const ROUNDS = 3;

await play(async () => {
  const admin = await opened();
  const rows = Array.from({ length: 37 }, (_, index) => ({
    email: `first.${index}@acme.example`,
    role: 'VIEWER',
    authMethods: ['password'],
  }));
  await mutate(admin, 'inviteUsers', { rows }, 'invited');
  await step('38 users within a second', () => isQuick(admin, 38));
  await crowd(5000);
  await step('5,038 users within a second', () => isQuick(admin, 5038));
});

async function isQuick(admin, count) {
  const storageState = await admin.context().storageState();
  await open(storageState, count); // Only then the server has what it is often asked for in memory.
  for (let round = 1; ; round += 1) {
    const times = [];
    for (let index = 0; index < TRIES; index += 1) times.push(await open(storageState, count));
    const ordered = times.map(Math.round).sort((one, other) => one - other);
    const median = ordered[Math.floor(TRIES / 2)];
    console.log(`   usable after ${median} ms (median of ${ordered.join(', ')})`);
    if (median < MAX_MILLISECONDS) return;
    assert.ok(round < ROUNDS, `the list of ${count} users can be used after ${median} ms only`);
  }
}

/** Opens the list in a new browser: the milliseconds from the start of the navigation until the menu of a row can be opened. */
async function open(storageState, count) {
  const page = await person({ storageState });
  await page.goto(`${url}/users`, { waitUntil: 'commit' });
  await page.getByText(`1–25 of ${count.toLocaleString('en-US')}`).waitFor();
  const time = await page.evaluate(() => {
    const button = document.querySelector('[aria-label^="Actions for"]');
    const { x, y, width, height } = button.getBoundingClientRect();
    const isOnTop = button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    return isOnTop ? performance.now() : Number.POSITIVE_INFINITY;
  });
  await page
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole('menu').waitFor();
  await page.context().close();
  return time;
}
