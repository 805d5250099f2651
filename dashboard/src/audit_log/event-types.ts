// The types of events in groups and in words, as the filter offers them.
import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { EventType } from '../gql/graphql';
import { word } from '../ui/words';

// A type that has no line here appears under "Other", in the words of its name.
const NAMED: { group: MessageDescriptor; types: Partial<Record<EventType, MessageDescriptor>> }[] = [
  {
    group: msg`Invitations`,
    types: {
      INVITED: msg`Invited`,
      INVITATION_RESENT: msg`Invitation sent again`,
      INVITATION_LINK_REVEALED: msg`Invitation link shown`,
      ACCEPTED: msg`Invitation accepted`,
    },
  },
  {
    group: msg`Users`,
    types: {
      ROLE_CHANGED: msg`Role changed`,
      AUTH_METHODS_CHANGED: msg`Login methods changed`,
      NAME_CHANGED: msg`Name changed`,
      DEACTIVATED: msg`Deactivated`,
      ACTIVATED: msg`Activated`,
      DELETED: msg`Deleted`,
      LEFT: msg`Left the account`,
      ERASED: msg`Erased`,
    },
  },
  {
    group: msg`Signing in`,
    types: {
      SESSION_STARTED: msg`Signed in`,
      SESSION_ENDED: msg`Session ended`,
      SESSIONS_ENDED: msg`All sessions ended`,
      PASSWORD_SET: msg`Password set`,
      PASSWORD_LINK_ISSUED: msg`Password link shown`,
      PROVIDER_LINKED: msg`Provider linked`,
    },
  },
  {
    group: msg`Keys`,
    types: {
      API_KEY_CREATED: msg`API key created`,
      API_KEY_REVOKED: msg`API key revoked`,
      SERVICE_KEY_CREATED: msg`Service key created`,
      SERVICE_KEY_REVOKED: msg`Service key revoked`,
    },
  },
  {
    group: msg`Account`,
    types: {
      ACCOUNT_OPENED: msg`Account opened`,
      ACCOUNT_RENAMED: msg`Account renamed`,
      INVITATION_HOURS_CHANGED: msg`Time of invitations changed`,
      ACCOUNT_AUTH_METHODS_CHANGED: msg`Login methods of the account changed`,
      ACCOUNT_LANGUAGE_CHANGED: msg`Language of the account changed`,
      ACCOUNT_LOGO_CHANGED: msg`Logo of the account changed`,
      ACCOUNT_COLOR_CHANGED: msg`Color of the account changed`,
      SIGN_IN_PAGE_CHANGED: msg`Page for signing in changed`,
      EXPORT_REQUESTED: msg`Data exported`,
      VIEW_SAVED: msg`Own view saved`,
      VIEW_SHARED: msg`Shared view saved`,
      VIEW_DELETED: msg`View deleted`,
    },
  },
  { group: msg`Mail`, types: { MAIL_SENT: msg`Mail sent`, MAIL_FAILED: msg`Mail failed` } },
  { group: msg`Unreadable`, types: { UNREADABLE: msg`Event that cannot be read` } },
];

const named = NAMED.flatMap(({ types }) => Object.keys(types));
const others = Object.values(EventType).filter((type) => !named.includes(type));

/** The groups, as a select takes them. */
export function eventChoices() {
  const rest = others.map((type) => ({ value: type, label: word(type) }));
  const groups = NAMED.map(({ group, types }) => ({
    group: i18n._(group),
    items: Object.entries(types).map(([value, label]) => ({ value, label: i18n._(label) })),
  }));
  return rest.length === 0 ? groups : [...groups, { group: t`Other`, items: rest }];
}

/** `ROLE_CHANGED` in words: "Role changed". */
export function typeWord(type: EventType): string {
  const label = NAMED.map(({ types }) => types[type]).find((one) => one !== undefined);
  return label ? i18n._(label) : word(type);
}

/** All types, in the order of the groups. */
export const EVENT_TYPES = [...named, ...others] as EventType[];
