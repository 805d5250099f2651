// Browsers whose clock is hours off tell the same times as others.
import assert from 'node:assert/strict';
import { person, step, until, url } from '../stage.mjs';

const HOUR = 3_600_000;
const PAGES = ['/users', '/users?status=PENDING_INVITATION', '/overview', '/profile'];

export async function clocks(token) {
  for (const hours of [3, -3, 26]) {
    await step(`a clock that is ${hours} hours off changes no time that is told`, () => tells(token, hours));
  }
}

async function tells(token, hours) {
  const page = await person({ token });
  await page.clock.setFixedTime(Date.now() + hours * HOUR);
  for (const path of PAGES) {
    await page.goto(url + path);
    const times = await until(`times on ${path}`, async () => {
      const found = await timesOf(page);
      return found.length > 0 && found;
    });
    for (const { at, text } of times) {
      const minutes = (Date.parse(at) - Date.now()) / 60_000;
      const told = `${path}: ${at} is told as ${text}`;
      if (minutes > 1) assert.match(text, /^(in |tomorrow)/, told);
      else if (minutes > -30) assert.match(text, /^(now|\d+ minutes? ago)$/, told);
      else assert.match(text, /ago$|^yesterday$/, told);
    }
  }
  await page.goto(`${url}/audit-log?view=compare`);
  await page.getByRole('button', { name: 'An hour ago' }).click();
  await page.getByText('has not come').waitFor({ state: 'detached' });
  const from = await page.getByRole('textbox', { name: 'Earlier moment' }).inputValue();
  const minutes = (Date.parse(`${from}Z`) - Date.now()) / 60_000;
  assert.ok(minutes > -65 && minutes < -55, `an hour ago is ${from}`);
  await page.context().close();
}

/** Every moment that is told by its distance. */
async function timesOf(page) {
  const all = await page
    .locator('time')
    .evaluateAll((times) =>
      times.map((time) => ({ at: time.getAttribute('datetime'), text: time.textContent.replace(/^expire[sd] /, '') })),
    );
  return all.filter(({ text }) => /\bago$|^in |^now$|yesterday|tomorrow/.test(text));
}
