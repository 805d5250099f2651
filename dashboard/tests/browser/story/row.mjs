// The row of a user in the list, and what can be done from it.
import { inspect, url } from '../stage.mjs';

/** Shows the users who are found by a text, and waits for the one with this address. */
export async function find(page, email) {
  await page.goto(`${url}/users?q=${encodeURIComponent(email)}`);
  await linkTo(page, email).waitFor();
}

/** The link to the page of a user: it holds the name, if there is one, and the address. */
export function linkTo(page, email) {
  return page.getByRole('link', { name: new RegExp(`(^|\\s)${email.replace(/[.+]/g, '\\$&')}$`) });
}

/** The row of a user. */
export function rowOf(page, email) {
  return page.getByRole('row').filter({ has: linkTo(page, email) });
}

/** Opens the menu of a row, and chooses an entry where one is named. */
export async function choose(page, email, entry = null) {
  await page.getByRole('button', { name: `Actions for ${email}`, exact: true }).click();
  await page.getByRole('menu').waitFor();
  if (entry) await page.getByRole('menuitem', { name: entry }).click();
}

/** Types an address into a dialog that asks for it: first a wrong one, which is refused, then the right one in capitals. */
export async function confirm(page, title, verb, email) {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('textbox').fill('someone.else@acme.example');
  await dialog.getByRole('button', { name: verb }).click();
  await dialog.getByText('not the address of the user').waitFor();
  await inspect(page, verb.toLowerCase().replace(' ', '-'));
  await dialog.getByRole('textbox').fill(email.toUpperCase());
  await dialog.getByRole('button', { name: verb }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Waits for a message, and closes it where it is still there, so that it hides nothing. */
export async function told(page, text) {
  await page.waitForFunction((text) => {
    const found = globalThis.messages.findIndex((message) => message.includes(text));
    if (found >= 0) globalThis.messages.splice(found, 1);
    return found >= 0;
  }, text);
  const message = page.locator('[data-toast]').filter({ hasText: text });
  const isGone = message.waitFor({ state: 'detached' });
  // It may go by itself in this very moment: then there is nothing to click.
  await Promise.any([isGone, message.getByRole('button', { name: 'Close message' }).click()]);
  await isGone;
}
