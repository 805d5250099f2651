// The types of events in groups and in words, as the filter offers them.
import { EventType } from '../gql/graphql';

// A type that has no line here appears under "Other", in the words of its name.
const NAMED: { group: string; types: Partial<Record<EventType, string>> }[] = [
  {
    group: 'Invitations',
    types: {
      INVITED: 'Invited',
      INVITATION_RESENT: 'Invitation sent again',
      INVITATION_LINK_REVEALED: 'Invitation link shown',
      ACCEPTED: 'Invitation accepted',
    },
  },
  {
    group: 'Users',
    types: {
      ROLE_CHANGED: 'Role changed',
      AUTH_METHODS_CHANGED: 'Login methods changed',
      NAME_CHANGED: 'Name changed',
      DEACTIVATED: 'Deactivated',
      ACTIVATED: 'Activated',
      DELETED: 'Deleted',
      LEFT: 'Left the account',
      ERASED: 'Erased',
    },
  },
  {
    group: 'Signing in',
    types: {
      SESSION_STARTED: 'Signed in',
      SESSION_ENDED: 'Session ended',
      SESSIONS_ENDED: 'All sessions ended',
      PASSWORD_SET: 'Password set',
      PASSWORD_LINK_ISSUED: 'Password link shown',
      PROVIDER_LINKED: 'Provider linked',
    },
  },
  {
    group: 'Keys',
    types: {
      API_KEY_CREATED: 'API key created',
      API_KEY_REVOKED: 'API key revoked',
      SERVICE_KEY_CREATED: 'Service key created',
      SERVICE_KEY_REVOKED: 'Service key revoked',
    },
  },
  {
    group: 'Account',
    types: {
      ACCOUNT_OPENED: 'Account opened',
      ACCOUNT_RENAMED: 'Account renamed',
      INVITATION_HOURS_CHANGED: 'Time of invitations changed',
      ACCOUNT_AUTH_METHODS_CHANGED: 'Login methods of the account changed',
      EXPORT_REQUESTED: 'Data exported',
    },
  },
  { group: 'Mail', types: { MAIL_SENT: 'Mail sent', MAIL_FAILED: 'Mail failed' } },
  { group: 'Unreadable', types: { UNREADABLE: 'Event that cannot be read' } },
];

const named = NAMED.flatMap(({ types }) => Object.keys(types));
const others = Object.values(EventType).filter((type) => !named.includes(type));

/** `ROLE_CHANGED` in words: "Role changed". */
function inWords(type: string): string {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const GROUPS = [...NAMED, { group: 'Other', types: Object.fromEntries(others.map((type) => [type, inWords(type)])) }].filter(
  ({ types }) => Object.keys(types).length > 0,
);

/** The groups, as a select takes them. */
export const EVENT_CHOICES = GROUPS.map(({ group, types }) => ({
  group,
  items: Object.entries(types).map(([value, label]) => ({ value, label })),
}));

/** All types, in the order of the groups. */
export const EVENT_TYPES = GROUPS.flatMap(({ types }) => Object.keys(types)) as EventType[];
