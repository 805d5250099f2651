// What to say about an invitation that cannot be accepted: each way of being dead has something else to do next.

interface DeadLink {
  title: string;
  next: string;
  leadsToSignIn: boolean;
}

const DEAD_LINKS: Record<string, DeadLink> = {
  INVALID_INVITATION_LINK: {
    title: 'This link is incomplete',
    next: 'Open it from the mail again, or copy all of it: some programs cut long links.',
    leadsToSignIn: false,
  },
  INVITATION_ALREADY_ACCEPTED: {
    title: 'You have accepted already',
    next: 'This invitation was accepted. Sign in with what you have chosen then.',
    leadsToSignIn: true,
  },
  INVITATION_EXPIRED: {
    title: 'This invitation has expired',
    next: 'Ask the person who invited you to send it again. You get a new link.',
    leadsToSignIn: false,
  },
  INVITATION_REPLACED: {
    title: 'There is a newer invitation',
    next: 'It was sent again, and only the link in the newest mail works. Look for that one.',
    leadsToSignIn: false,
  },
  INVITATION_REVOKED: {
    title: 'This invitation was taken back',
    next: 'If you think that this is wrong, ask the person who invited you for a new one.',
    leadsToSignIn: false,
  },
};

/** The text for a code that says that the link is dead; null for every other code. */
export function deadLinkOf(code: string | undefined): DeadLink | null {
  return (code && DEAD_LINKS[code]) || null;
}
