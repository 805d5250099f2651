import { t } from '@lingui/core/macro';
import { Link } from 'wouter';

interface Props {
  /** Null if the user is unknown, or may not be seen. */
  user: { id: string; email?: string | null } | null | undefined;
  /** The text when there is no user. */
  otherwise: string;
}

/** A user's address, linked to their page. `bdi` isolates it, so that no letter in it changes the direction of the text around it. */
export function Person({ user, otherwise }: Props) {
  if (!user) return otherwise;
  return (
    <Link href={`/users/${user.id}`}>
      <bdi>{user.email ?? t`an erased user`}</bdi>
    </Link>
  );
}
