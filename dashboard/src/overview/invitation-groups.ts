// Open invitations by what an admin can do about them, those first that need it most.
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { OverviewQuery } from '../gql/graphql';
import type { Counted } from '../ui/count';
import type { User } from '../users/queries';

export interface InvitationGroup {
  title: MessageDescriptor;
  /** Where all of them are listed. */
  href: string;
  /** The first few. A user is only in the first group that fits. */
  users: User[];
  total: Counted;
  /** Whether their mails failed, so that all can be sent again. */
  isFailed: boolean;
}

const NONE: Counted = { count: 0, precision: 'EXACT' };

type Lists = Pick<OverviewQuery, 'failed' | 'expired' | 'pending'>;

const GROUPS: { list: keyof Lists; title: MessageDescriptor; href: string }[] = [
  { list: 'failed', title: msg`The mail did not arrive`, href: '/users?mail=FAILED' },
  { list: 'expired', title: msg`Expired`, href: '/users?status=EXPIRED_INVITATION' },
  { list: 'pending', title: msg`Not accepted yet`, href: '/users?status=PENDING_INVITATION' },
];

/** The groups that have users to show. */
export function invitationGroups(lists: Lists): InvitationGroup[] {
  const seen = new Set<string>();
  return GROUPS.map(({ list, title, href }) => {
    const users = (lists[list]?.nodes ?? []).filter(({ id }) => !seen.has(id));
    for (const { id } of users) seen.add(id);
    return { title, href, users, total: lists[list]?.count ?? NONE, isFailed: list === 'failed' };
  }).filter(({ users }) => users.length > 0);
}
