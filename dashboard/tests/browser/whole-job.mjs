// The whole job, from the link that opens the first account to signing out, as an admin and the people around her do it.

import { play } from './stage.mjs';
import { account } from './story/account.mjs';
import { severalAccounts } from './story/accounts.mjs';
import { apiKeys } from './story/api-keys.mjs';
import { auditLog } from './story/audit-log.mjs';
import { deadLinks } from './story/dead-links.mjs';
import { invitations, inviteMany } from './story/invitations.mjs';
import { list } from './story/list.mjs';
import { managing } from './story/managing.mjs';
import { meanwhile } from './story/meanwhile.mjs';
import { opening } from './story/opening.mjs';
import { passwords } from './story/passwords.mjs';
import { roles } from './story/roles.mjs';
import { sessions } from './story/sessions.mjs';
import { userPage } from './story/user-page.mjs';

await play(async () => {
  const admin = await opening();
  const { eve, bob } = await invitations(admin);
  await inviteMany(admin);
  await list(admin);
  await managing(admin, eve);
  await deadLinks(admin);
  await userPage(admin);
  await meanwhile(admin);
  await auditLog(admin);
  await apiKeys(admin);
  await account(admin);
  await roles(admin, { viewer: eve, editor: bob });
  await sessions(admin);
  await passwords(admin);
  await severalAccounts(admin);
});
