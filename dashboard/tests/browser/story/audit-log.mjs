// What happened in the account: filtered, and taken out as files; and the account in numbers.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inspect, step, url } from '../stage.mjs';

export async function auditLog(admin) {
  await step('the audit log is filtered and taken out', async () => {
    await admin.goto(`${url}/audit-log`);
    await admin.getByRole('listitem').first().waitFor();
    await inspect(admin, 'audit-log');
    const first = await admin.getByRole('listitem').first().textContent();
    await admin.getByRole('button', { name: 'Older' }).click();
    await admin.waitForURL(/after=/);
    await admin.getByRole('listitem').filter({ hasText: first }).waitFor({ state: 'detached' });
    await admin.getByRole('button', { name: 'Newest' }).click();
    await admin.getByRole('listitem').filter({ hasText: first }).first().waitFor();
    const what = admin.getByRole('combobox', { name: 'What' });
    await what.click();
    await admin.getByRole('option', { name: 'Role changed' }).click();
    await what.press('Escape');
    await admin.waitForURL(/type=ROLE_CHANGED/);
    await admin.getByText('Viewer → Editor').waitFor();
    await inspect(admin, 'audit-log-filtered');
    const csv = await download(admin, 'Export as CSV');
    assert.match(csv, /RoleChanged|ROLE_CHANGED/i, csv);
    assert.doesNotMatch(csv, /Accepted/i, 'what is filtered out is not in the file');
    const events = await download(admin, 'Export as CloudEvents');
    assert.equal(JSON.parse(events.split('\n')[0]).specversion, '1.0');
    await admin.goto(`${url}/users?role=EDITOR`);
    const users = await download(admin, 'Export as CSV');
    assert.ok(users.includes('two@acme.example') && !users.includes('one@acme.example'), users);
  });
  await step('the overview counts', async () => {
    await admin.goto(`${url}/overview`);
    await admin.getByRole('heading', { name: 'By role' }).or(admin.getByText('By role')).first().waitFor();
    await inspect(admin, 'overview');
  });
}

/** Follows a link that downloads: what is in the file. */
async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
  return readFile(await file.path(), 'utf8');
}
