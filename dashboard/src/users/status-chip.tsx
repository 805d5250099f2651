import { Badge, type MantineColor, Text } from '@mantine/core';
import type { UserStatus } from '../gql/graphql';
import { Ago } from '../ui/time';
import { word } from '../ui/words';
import type { User } from './queries';

const COLORS: Record<UserStatus, MantineColor> = {
  ACTIVE: 'green',
  INACTIVE: 'gray',
  PENDING_INVITATION: 'blue',
  EXPIRED_INVITATION: 'orange',
  DELETED: 'red',
};

/** The status of a user. For an invitation also how long it works, and the state of its mail if that needs attention. */
export function StatusChip({ user }: { user: Pick<User, 'status' | 'invitation'> }) {
  const { status, invitation } = user;
  return (
    <div>
      <Badge variant="light" color={COLORS[status] ?? 'gray'} tt="none" miw="max-content">
        {word(status)}
      </Badge>
      {invitation && (
        <Text size="xs" c="dimmed">
          {status === 'EXPIRED_INVITATION' ? 'expired' : 'expires'} <Ago at={invitation.expiresAt} />
        </Text>
      )}
      {invitation && invitation.delivery.state !== 'SENT' && (
        <Text
          size="xs"
          c={invitation.delivery.state === 'FAILED' ? 'red' : 'dimmed'}
          title={invitation.delivery.detail ?? undefined}
        >
          {word(invitation.delivery.state)}
          {invitation.delivery.state === 'FAILED' && invitation.delivery.detail && `: ${invitation.delivery.detail}`}
        </Text>
      )}
    </div>
  );
}
