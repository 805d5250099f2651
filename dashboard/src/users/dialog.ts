import type { User } from './queries';

/** A dialog about one user. */
export type UserDialog = 'manage' | 'resend' | 'delete' | 'erase';

/** The dialog that is open. */
export type Dialog =
  | { kind: 'invite' }
  | { kind: 'invite-many' }
  | { kind: 'link'; user: User; link: string }
  | { kind: UserDialog; user: User };
