// What to say about an invitation that cannot be accepted: each way of being dead has something else to do next.
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

interface DeadLink {
  title: MessageDescriptor;
  next: MessageDescriptor;
  leadsToSignIn: boolean;
}

const DEAD_LINKS: Record<string, DeadLink> = {
  INVALID_INVITATION_LINK: {
    title: msg`This link is incomplete`,
    next: msg`Open it from the mail again, or copy all of it: some programs cut long links.`,
    leadsToSignIn: false,
  },
  INVITATION_ALREADY_ACCEPTED: {
    title: msg`You have accepted already`,
    next: msg`This invitation was accepted. Sign in with what you have chosen then.`,
    leadsToSignIn: true,
  },
  INVITATION_EXPIRED: {
    title: msg`This invitation has expired`,
    next: msg`Ask the person who invited you to send it again. You get a new link.`,
    leadsToSignIn: false,
  },
  INVITATION_REPLACED: {
    title: msg`There is a newer invitation`,
    next: msg`It was sent again, and only the link in the newest mail works. Look for that one.`,
    leadsToSignIn: false,
  },
  INVITATION_REVOKED: {
    title: msg`This invitation was taken back`,
    next: msg`If you think that this is wrong, ask the person who invited you for a new one.`,
    leadsToSignIn: false,
  },
};

/** The text for a code that says that the link is dead; null for every other code. */
export function deadLinkOf(code: string | undefined): DeadLink | null {
  return (code && DEAD_LINKS[code]) || null;
}
