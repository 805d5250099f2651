import { t } from '@lingui/core/macro';
import { Tooltip } from '@mantine/core';
import type { UserStatus } from '../gql/graphql';
import { relative } from '../ui/dates';
import { MailFailedIcon } from '../ui/icons';
import { useNow } from '../ui/time';
import { word } from '../ui/words';
import type { User } from './queries';
import classes from './status-chip.module.css';

const TONES: Record<UserStatus, string> = {
  ACTIVE: 'green',
  INACTIVE: 'gray',
  PENDING_INVITATION: 'blue',
  EXPIRED_INVITATION: 'orange',
  DELETED: 'red',
};

/** The status of a user. For an invitation also how long it works, or why its mail has failed: one line, the whole text on hover. */
export function StatusChip({ user }: { user: Pick<User, 'status' | 'invitation'> }) {
  const { status, invitation } = user;
  return (
    <span className={classes.status}>
      <span className={classes.chip} data-tone={TONES[status] ?? 'gray'}>
        {word(status)}
      </span>
      {invitation && <Detail status={status} invitation={invitation} />}
    </span>
  );
}

function Detail({ status, invitation }: { status: UserStatus; invitation: NonNullable<User['invitation']> }) {
  const now = useNow();
  const { state, detail } = invitation.delivery;
  if (state === 'FAILED') {
    const text = detail ? `${word(state)}: ${detail}` : word(state);
    return (
      <Tooltip label={text} multiline maw={400}>
        <span className={classes.failed}>
          <MailFailedIcon size={14} />
          <span className={classes.line}>{text}</span>
        </span>
      </Tooltip>
    );
  }
  const distance = relative(invitation.expiresAt, now);
  const text = status === 'EXPIRED_INVITATION' ? t`expired ${distance}` : t`expires ${distance}`;
  return (
    <span className={classes.line}>
      <time dateTime={invitation.expiresAt}>{text}</time>
      {state !== 'SENT' && ` · ${word(state)}`}
    </span>
  );
}
