// What holds for the whole account.
import assert from 'node:assert/strict';
import path from 'node:path';
import { mutate } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';
import { told } from './row.mjs';

const LOGO = path.resolve(import.meta.dirname, '../../../../mail/templates/mail/sample_logo.png');

export async function account(admin) {
  await step('the account is renamed; invitations work for longer', async () => {
    await admin.goto(`${url}/account`);
    await admin.getByLabel('Name').waitFor();
    await inspect(admin, 'account');
    await admin.getByLabel('Name').fill('Acme Laboratories');
    await admin.getByLabel('Invitations work for').fill('721');
    await admin.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'The account is updated');
    await admin.getByRole('banner').getByText('Acme Laboratories').waitFor();
  });
  await step('a logo and a color are chosen, with a preview; pages for signing in show them', async () => {
    const logo = admin.getByLabel('Logo', { exact: true });
    await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
    await admin.getByText('This file is not a PNG').waitFor();
    await logo.setInputFiles(LOGO);
    await admin.getByText('This file is not a PNG').waitFor({ state: 'detached' });
    await admin.getByLabel('Color', { exact: true }).fill('#FFE066');
    const preview = admin.getByRole('region', { name: 'Preview' });
    await preview.getByText('The page for signing in').waitFor();
    assert.equal(await preview.locator('img').count(), 2);
    await admin.getByLabel('Show the account on its page for signing in').check();
    await inspect(admin, 'account-brand');
    await admin.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'The account is updated');
    await preview.locator('img[src*="/assets/logos/"]').first().waitFor();
    const visitor = await person();
    await visitor.goto(`${url}/acme/sign-in`);
    const band = visitor.locator('[class*="band"] img');
    await band.waitFor();
    assert.ok(await band.evaluate((image) => image.complete && image.naturalWidth > 0), 'the logo is loaded');
    await inspect(visitor, 'sign-in-brand');
    await admin.getByLabel('Color', { exact: true }).fill('yellow');
    await admin.getByRole('button', { name: 'Update' }).click();
    await admin.getByText('A color is # and six digits').waitFor();
    await admin.getByLabel('Color', { exact: true }).fill('');
    await admin.getByRole('button', { name: 'Remove the logo' }).click();
    await admin.getByLabel('Show the account on its page for signing in').uncheck();
    await admin.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'The account is updated');
  });
  await step('a change by another admin is shown, and not overwritten', async () => {
    await admin.getByLabel('Name').fill('Acme Mills');
    await mutate(admin, 'updateAccount', { name: 'Acme Factory' }, 'account { id }');
    // The page notices by itself.
    await admin.getByText('Someone else has changed the account').waitFor();
    await admin.getByRole('banner').getByText('Acme Factory').waitFor();
    assert.equal(await admin.getByLabel('Name').inputValue(), 'Acme Mills', 'what was typed is kept');
    await inspect(admin, 'account-conflict');
    await admin.getByRole('button', { name: 'Show what is new' }).click();
    assert.equal(await admin.getByLabel('Name').inputValue(), 'Acme Factory');
    await admin.getByLabel('Name').fill('Acme Works');
    await admin.getByRole('button', { name: 'Update' }).click();
    await told(admin, 'The account is updated');
  });
  await step('keys that are created elsewhere appear by themselves', async () => {
    for (const [path, kind] of [
      ['/api-keys', 'ApiKey'],
      ['/service-keys', 'ServiceKey'],
    ]) {
      await admin.goto(url + path);
      await admin.getByText('There are no').waitFor();
      const key = `key: ${kind[0].toLowerCase()}${kind.slice(1)} { id }`;
      const created = await mutate(admin, `create${kind}`, { name: 'From elsewhere', scopes: ['USERS_READ'] }, key);
      await admin.getByRole('table').getByText('From elsewhere', { exact: true }).waitFor();
      await mutate(admin, `revoke${kind}`, { id: created.key.id }, key);
      await admin.getByText('There are no').waitFor();
    }
  });
}
