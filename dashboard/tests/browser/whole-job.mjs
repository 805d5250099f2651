// The whole job in parts that do not need each other: `whole-job.mjs <part>`; `--list` names the parts.

import { look, play } from './stage.mjs';
import { account } from './story/account.mjs';
import { severalAccounts } from './story/accounts.mjs';
import { apiKeys } from './story/api-keys.mjs';
import { auditLog } from './story/audit-log.mjs';
import { clocks } from './story/clocks.mjs';
import { deadLinks } from './story/dead-links.mjs';
import { details } from './story/details.mjs';
import { finding } from './story/finding.mjs';
import { importing } from './story/importing.mjs';
import { invitations } from './story/invitations.mjs';
import { languages } from './story/languages.mjs';
import { list } from './story/list.mjs';
import { managing } from './story/managing.mjs';
import { many } from './story/many.mjs';
import { meanwhile } from './story/meanwhile.mjs';
import { office, opened } from './story/office.mjs';
import { opening } from './story/opening.mjs';
import { passwords } from './story/passwords.mjs';
import { roles } from './story/roles.mjs';
import { serviceKeys } from './story/service-keys.mjs';
import { sessions } from './story/sessions.mjs';
import { tabs } from './story/tabs.mjs';
import { typing } from './story/typing.mjs';
import { userPage } from './story/user-page.mjs';
import { views } from './story/views.mjs';

const PARTS = {
  opening,
  invitations: async () => {
    const admin = await opened();
    await invitations(admin);
    await importing(admin);
  },
  list: async () => {
    const { admin } = await office();
    await list(admin);
    await views(admin);
    // On a phone, the navigation is in a drawer, and there are no keys.
    if (look !== 'phone') await finding(admin);
  },
  managing: async () => {
    const people = await office();
    await managing(people);
    await many(people.admin);
  },
  'links-and-history': async () => {
    const { admin } = await office();
    await deadLinks(admin);
    await userPage(admin);
  },
  details: async () => details(await office()),
  languages: async () => languages(await office()),
  meanwhile: async () => meanwhile((await office()).admin),
  'audit-log': async () => auditLog((await office()).admin),
  account: async () => {
    const people = await office();
    await apiKeys(people.admin);
    await serviceKeys(people.admin);
    await account(people.admin);
    await roles(people);
  },
  sessions: async () => sessions((await office()).admin),
  tabs: async () => tabs((await office()).admin),
  typing: async () => {
    await office();
    await typing();
  },
  clocks: async () => clocks((await office()).ada),
  'signing-in': async () => {
    await office();
    await passwords();
    await severalAccounts();
  },
};

const part = process.argv[2];
if (part === '--list') {
  console.log(Object.keys(PARTS).join('\n'));
  process.exit();
}
await play(PARTS[part]);
