import { Button, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { countText } from '../ui/count';
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
        Open invitations
      </Title>
      {groups.length === 0 && <Text c="dimmed">There are no open invitations.</Text>}
      <div className={classes.groups}>
        {groups.map(({ title, href, users, total, isFailed }) => (
          <div key={title}>
            <div className={classes.groupHead}>
              <Title order={3} size="h6">
                {title}
              </Title>
              <Link href={href}>Show all {countText(total)}</Link>
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

function Invited({ user, onOpen }: { user: User; onOpen: (dialog: Dialog) => void }) {
  return (
    <li className={classes.person}>
      <div className={classes.who}>
        <Link href={`/users/${user.id}`}>{user.email}</Link>
        <StatusChip user={user} />
      </div>
      {user.viewerCan?.resendInvitation.allowed && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onOpen({ kind: 'resend', user })}
          aria-label={`Resend to ${user.email}`}
        >
          Resend …
        </Button>
      )}
      <RowMenu user={user} onOpen={onOpen} />
    </li>
  );
}
