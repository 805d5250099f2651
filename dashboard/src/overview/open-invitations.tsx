import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { type Counted, countText } from '../ui/count';
import type { Dialog } from '../users/dialog';
import { OfferedMethods, type User } from '../users/queries';
import { ResendFailed } from '../users/resend-failed';
import { RowMenu } from '../users/row-menu';
import { StatusChip } from '../users/status-chip';
import { UserDialogs } from '../users/user-dialogs';
import type { InvitationGroup } from './invitation-groups';
import classes from './overview-page.module.css';

interface Props {
  groups: InvitationGroup[];
  /** Called when someone else has changed a user. */
  onStale: () => void;
}

/** Open invitations, with the actions for each. */
export function OpenInvitations({ groups, onStale }: Props) {
  const [methods] = useQuery({ query: OfferedMethods });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  return (
    <section className={`${classes.card} ${classes.wide}`} aria-labelledby="open-invitations">
      <Title order={2} size="h4" id="open-invitations">
        <Trans>Open invitations</Trans>
      </Title>
      {groups.length === 0 && (
        <Text c="dimmed">
          <Trans>There are no open invitations.</Trans>
        </Text>
      )}
      <div className={classes.groups}>
        {groups.map(({ title, href, users, total, isFailed }) => (
          <div key={title.id}>
            <div className={classes.groupHead}>
              <Title order={3} size="h6">
                {i18n._(title)}
              </Title>
              <Link href={href}>
                <ShowAll total={total} />
              </Link>
            </div>
            {isFailed && <ResendFailed seen={users} onResent={onStale} />}
            <ul className={classes.people}>
              {users.map((user) => (
                <Invited key={user.id} user={user} onOpen={setDialog} />
              ))}
            </ul>
          </div>
        ))}
      </div>
      {dialog && (
        <UserDialogs
          dialog={dialog}
          users={groups.flatMap((group) => group.users)}
          offered={methods.data?.viewer?.account.authMethods ?? []}
          onOpen={setDialog}
          onClose={() => setDialog(null)}
          onStale={onStale}
        />
      )}
    </section>
  );
}

function ShowAll({ total }: { total: Counted }) {
  const count = countText(total);
  return <Trans>Show all {count}</Trans>;
}

function Invited({ user, onOpen }: { user: User; onOpen: (dialog: Dialog) => void }) {
  const address = user.email ?? '';
  return (
    <li className={classes.person}>
      <div className={classes.who}>
        <Link href={`/users/${user.id}`}>
          <bdi>{user.email}</bdi>
        </Link>
        <StatusChip user={user} />
      </div>
      {user.viewerCan?.resendInvitation.allowed && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onOpen({ kind: 'resend', user })}
          aria-label={t`Resend to ${address}`}
        >
          <Trans>Resend …</Trans>
        </Button>
      )}
      <RowMenu user={user} onOpen={onOpen} />
    </li>
  );
}
