import { Link } from 'wouter';

interface Props {
  /** Null where nobody is known, or may be. */
  user: { id: string; email?: string | null } | null | undefined;
  /** What is said instead of nobody. */
  otherwise: string;
}

/** Somebody's address, which leads to their page. It is set apart, so that no letter in it turns the text around it. */
export function Person({ user, otherwise }: Props) {
  if (!user) return otherwise;
  return (
    <Link href={`/users/${user.id}`}>
      <bdi>{user.email ?? 'somebody erased'}</bdi>
    </Link>
  );
}
