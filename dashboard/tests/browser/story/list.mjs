// The list of users: order, search, filters, columns, pages, and the past.
import assert from 'node:assert/strict';
import { fits, inspect, look, step, until, url } from '../stage.mjs';

export async function list(admin) {
  await step('the list is ordered, searched and filtered', () => orders(admin));
  await step('what a search finds comes in the order of relevance, until another is chosen', () => bestMatch(admin));
  await step('columns are hidden, pages turned', () => columnsAndPages(admin));
  if (look !== 'phone') {
    await step('columns keep their width and order, and fit', () => widthsAndOrder(admin));
    await step('beside a very wide column the others still hold what is in them, at every width', () => besideWide(admin));
  }
  await step('times are shown in the zone that was chosen', () => zones(admin));
  await step('a bookmark that fits no more leads to the first page', () => lostPlaces(admin));
  await step('the list of the past is shown', () => past(admin));
  await step('the keys are explained', () => help(admin));
}

async function orders(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  await inspect(page, 'users');
  if (look === 'phone') {
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Email, ascending');
    await page.getByRole('searchbox').click();
  } else {
    await page.getByRole('button', { name: 'Email', exact: true }).click();
    await page.keyboard.press('/');
  }
  await page.waitForURL(/order=EMAIL.ASC/);
  await page.keyboard.type('margaret');
  await page.waitForURL(/q=margaret/);
  await page.getByText('1 of 1', { exact: true }).waitFor();
  await page.keyboard.type(' unknown');
  await page.getByText('No users match').waitFor();
  await inspect(page, 'nobody');
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await page.getByText('(you)').waitFor();
  const tabs = page.getByRole('navigation', { name: 'Status' });
  await tabs.getByRole('link', { name: /^Pending 3$/ }).click();
  await page.waitForURL(/status=PENDING_INVITATION/);
  await page.getByText('1–3 of 3').waitFor();
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('menuitem', { name: 'User role' }).waitFor();
  await inspect(page, 'menu-filters');
  await page.getByRole('menuitem', { name: 'User role' }).click();
  await page.getByRole('checkbox', { name: 'Editor' }).check();
  await page.waitForURL(/role=EDITOR/);
  await inspect(page, 'filters');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'User role: Editor' }).waitFor();
  await page.getByRole('button', { name: 'Remove the filter User role' }).click();
  await page.getByText('1–3 of 3').waitFor();
  await tabs.getByRole('link', { name: /^All/ }).click();
  await page.getByText('(you)').waitFor();
}

async function bestMatch(page) {
  const asked = page.waitForRequest((request) => request.postData()?.includes('"RELEVANCE"') ?? false);
  await page.goto(`${url}/users?q=acme`);
  await asked;
  await page.getByText('(you)').waitFor();
  if (look === 'phone') {
    const order = page.getByRole('combobox', { name: 'Order' });
    assert.equal(await order.inputValue(), 'RELEVANCE.ASC');
    await order.selectOption('Email, descending');
  } else {
    await page.getByRole('button', { name: 'Email', exact: true }).click();
  }
  await page.waitForURL(/order=EMAIL/);
}

async function columnsAndPages(page) {
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('checkbox', { name: 'Created at' }).uncheck();
  await page.getByRole('switch', { name: 'Compact rows' }).check();
  await inspect(page, 'columns');
  await page.keyboard.press('Escape');
  // The browser stores it.
  await page.reload();
  await page.getByText('(you)').waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'Created at' }).count(), 0);
  await inspect(page, 'users-compact');
  await page.evaluate(() => localStorage.removeItem('roster-list'));
  await page.goto(`${url}/users?size=75`);
  await page.getByText(/^1–(\d+) of \1$/).waitFor();
}

async function widthsAndOrder(page) {
  await page.goto(`${url}/users`);
  await page.getByText('(you)').waitFor();
  const head = (name) => page.getByRole('columnheader', { name: new RegExp(`^${name}`) });
  const width = async (name) => (await head(name).boundingBox()).width;
  const edge = page.getByRole('separator', { name: 'Width of the column User role' });
  const before = await width('User role');
  await edge.focus();
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('ArrowLeft');
  await until('a wider column', async () => (await width('User role')) > before + 20);
  const { x, y, height } = await edge.boundingBox();
  await page.mouse.move(x + 6, y + height / 2);
  await page.mouse.down();
  // Further than there is room for.
  await page.mouse.move(x - 600, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await until('a column as wide as the others leave room', async () => (await width('User role')) > before + 60);
  assert.ok(Number(await edge.getAttribute('aria-valuenow')) < 15, 'no wider than that');
  assert.deepEqual(await squeezed(page), []);
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('button', { name: 'Move User role to the right' }).click();
  await inspect(page, 'columns-changed');
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByText('(you)').waitFor();
  assert.ok((await width('User role')) > before + 20);
  assert.deepEqual((await page.getByRole('columnheader').allTextContents()).slice(2, 5), ['Status', 'Created at', 'User role']);
  assert.ok((await width('Email')) > 150, 'room is left for the person');
  await page.getByRole('button', { name: 'Columns and density' }).click();
  await page.getByRole('button', { name: 'Reset the columns' }).click();
  await page.keyboard.press('Escape');
  assert.equal(await width('User role'), before);
}

const SCREENS = [320, 390, 768, 1024, 1120, 1280, 1440, 1920];

async function besideWide(page) {
  const before = page.viewportSize();
  // It was made so wide on a larger screen.
  await page.evaluate(() =>
    localStorage.setItem('roster-list', JSON.stringify({ hidden: [], widths: { role: 30, active: 20 } })),
  );
  await page.reload();
  await page.getByText('(you)').waitFor();
  for (const width of SCREENS) {
    await page.setViewportSize({ width, height: before.height });
    await fits(page, `wide columns on ${width} pixels`);
    assert.deepEqual(await squeezed(page), [], `on ${width} pixels`);
  }
  await page.setViewportSize(before);
  await inspect(page, 'columns-wide');
  await page.evaluate(() => localStorage.removeItem('roster-list'));
  await page.reload();
  await page.getByText('(you)').waitFor();
}

/** What does not stand well in its column of the table: it is wider than its cell, or a line that has to be one is two. */
function squeezed(page) {
  return page.evaluate(() => {
    const table = document.querySelector('table');
    if (table.closest('[data-cards]')) return [];
    const found = [];
    for (const cell of table.querySelectorAll('td[data-column]')) {
      const content = cell.firstElementChild;
      const { column } = cell.dataset;
      const text = `${column}: ${content.textContent}`;
      if (content.scrollWidth > content.clientWidth + 1) found.push(`${text} is wider than its cell`);
      const lines = content.offsetHeight / Number.parseFloat(getComputedStyle(content).lineHeight);
      if (['created', 'active', 'role', 'methods'].includes(column) && lines > 1.9) found.push(`${text} takes ${lines} lines`);
      if (column === 'actions' && cell.offsetWidth !== 56) found.push(`the actions are ${cell.offsetWidth} pixels wide`);
    }
    return found;
  });
}

async function zones(page) {
  await page.goto(`${url}/audit-log`);
  const time = page.getByRole('listitem').getByRole('time').or(page.locator('li time')).first();
  await time.waitFor();
  const at = await time.getAttribute('datetime');
  const change = async (zone) => {
    if (look === 'phone') await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: /Ada|ada@/ }).click();
    await page.getByRole('menuitem', { name: '…' }).waitFor();
    if (zone === 'Tokyo') await inspect(page, 'menu-person');
    await page.getByRole('menuitem', { name: '…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Time zone' });
    await dialog.getByRole('combobox').or(dialog.getByRole('textbox')).first().fill(zone);
    await page.getByRole('option', { name: zone }).first().click();
    if (zone === 'Tokyo') await inspect(page, 'time-zone');
    const loaded = page.waitForEvent('load');
    await dialog.getByRole('button', { name: 'Change time zone' }).click();
    await loaded;
  };
  await change('Tokyo');
  await page.getByText(/^Times in Asia/).waitFor();
  const same = page.locator(`li time[datetime="${at}"]`).first();
  await same.waitFor();
  const there = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Asia/Tokyo' }).format(new Date(at));
  assert.equal(await same.textContent(), there);
  // A date that is typed is one of this zone, too.
  const asked = page.waitForRequest((request) => request.postData()?.includes('2026-11-19T15:00:00.000Z') ?? false);
  await page.goto(`${url}/users?created-from=2026-11-20`);
  await asked;
  await page.goto(`${url}/audit-log`);
  await change('As in this browser');
  await page.getByText('Times in UTC').waitFor();
}

async function lostPlaces(page) {
  for (const path of ['/users', '/audit-log', '/api-keys']) {
    await page.goto(`${url}${path}?after=abc`);
    await page.getByRole('button', { name: 'Show the first page' }).click();
    await page.waitForURL((address) => address.pathname === path && !address.searchParams.has('after'));
    await page.getByRole('alert').waitFor({ state: 'detached' });
  }
}

async function past(page) {
  await page.goto(`${url}/users?as-of=2026-10-01T00:00`);
  await page.getByText('as they were').waitFor();
  await page.getByText('There were no users then').waitFor();
  await inspect(page, 'as-of');
  await page.goto(`${url}/users?as-of=2099-01-01T00:00`);
  await page.getByText('This moment is in the future').waitFor();
  await inspect(page, 'as-of-refused');
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.getByText('(you)').waitFor();
}

async function help(page) {
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await inspect(page, 'help');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
