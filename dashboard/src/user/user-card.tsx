import { t } from '@lingui/core/macro';
import { Button, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ShownActorFragment } from '../gql/graphql';
import { useViewer } from '../session/session';
import { Actor } from '../ui/actor';
import { list } from '../ui/formats';
import { Avatar } from '../ui/person-cell';
import { Ago, Moment } from '../ui/time';
import { methodWord, rights, word } from '../ui/words';
import type { Dialog } from '../users/dialog';
import type { User } from '../users/queries';
import { StatusChip } from '../users/status-chip';
import { useUserActions } from '../users/use-user-actions';
import { actionsOf, type UserAction } from '../users/user-actions';
import classes from './user-page.module.css';

interface Props {
  user: User;
  /** Who invited them, as far as that may be seen. */
  inviter: ShownActorFragment | null;
  onOpen: (dialog: Dialog) => void;
}

/** Who a user is, and what can be done with them. */
export function UserCard({ user, inviter, onOpen }: Props) {
  const { user: viewer } = useViewer();
  const run = useUserActions(onOpen);
  // To others, every action would give the same reason: they are not admins.
  const actions = viewer.role === 'ADMIN' ? actionsOf(user) : [];
  return (
    <aside className={classes.card} aria-label={t`User`}>
      <div className={classes.person}>
        <Avatar {...user} size="l" />
        <div className={classes.names}>
          <Title order={1} size="h3">
            <bdi>{user.name ?? user.email ?? t`Erased user`}</bdi>
          </Title>
          {user.name && (
            <Text size="sm" c="dimmed">
              <bdi>{user.email}</bdi>
            </Text>
          )}
        </div>
      </div>
      <dl className={classes.facts}>
        <Fact label={t`Status`}>
          <StatusChip user={user} />
          {user.invitation?.delivery.state === 'FAILED' && (
            <Text size="sm" c="var(--roster-red-text)" mt={4}>
              {user.invitation.delivery.detail}
            </Text>
          )}
        </Fact>
        <Fact label={t`User role`}>
          {word(user.role)}
          <Text size="sm" c="dimmed">
            {rights(user.role)}
          </Text>
        </Fact>
        <Fact label={t`Login with`}>{list(user.authMethods.map(methodWord))}</Fact>
        <Fact label={t`Last active`}>{user.lastActiveAt ? <Ago at={user.lastActiveAt} /> : t`never`}</Fact>
        <Fact label={t`Created`}>
          <Moment at={user.createdAt} />
        </Fact>
        {inviter && (
          <Fact label={t`Invited by`}>
            <Actor actor={inviter} isFirst />
          </Fact>
        )}
      </dl>
      {actions.length > 0 && (
        <div className={classes.actions}>
          {actions.map((action) => (
            <Action key={action.id} action={action} isFirst={action === actions[0]} onClick={() => run(action.id, user)} />
          ))}
        </div>
      )}
    </aside>
  );
}

/** A button. One that cannot be used stays reachable with the keyboard, and says why. */
function Action({
  action: { label, icon: ActionSign, reason, isDangerous },
  isFirst,
  onClick,
}: {
  action: UserAction;
  isFirst: boolean;
  onClick: () => void;
}) {
  const isOff = reason !== null;
  return (
    <div>
      <Button
        variant={isFirst && !isOff && !isDangerous ? 'filled' : 'subtle'}
        size="sm"
        px="sm"
        leftSection={<ActionSign size={16} />}
        {...(isDangerous && !isOff ? { color: 'red', c: 'var(--mantine-color-error)' } : {})}
        {...(isOff ? { 'data-disabled': true, 'aria-disabled': true } : { onClick })}
      >
        {label}
      </Button>
      {isOff && (
        <Text size="xs" c="dimmed" mt={4}>
          {reason}
        </Text>
      )}
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
