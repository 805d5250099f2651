// What the enums of the API are called. One that is new is shown as it comes.
import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { ActorKind, DeliveryState, Role, UserStatus } from '../gql/graphql';

export const ROLES: Role[] = ['VIEWER', 'EDITOR', 'ADMIN'];
export const STATUSES: UserStatus[] = ['ACTIVE', 'INACTIVE', 'PENDING_INVITATION', 'EXPIRED_INVITATION', 'DELETED'];
export const DELIVERIES: DeliveryState[] = ['WAITING', 'SENT', 'FAILED', 'NOT_CONFIGURED'];

const WORDS: Record<Role | UserStatus | DeliveryState | ActorKind, MessageDescriptor> = {
  VIEWER: msg`Viewer`,
  EDITOR: msg`Editor`,
  ADMIN: msg`Admin`,
  ACTIVE: msg`Active`,
  INACTIVE: msg`Inactive`,
  PENDING_INVITATION: msg`Pending invitation`,
  EXPIRED_INVITATION: msg`Expired invitation`,
  DELETED: msg`Deleted`,
  WAITING: msg`Mail is waiting`,
  SENT: msg`Mail sent`,
  FAILED: msg`Mail failed`,
  NOT_CONFIGURED: msg`No mail server`,
  USER: msg`User`,
  API_KEY: msg`API key`,
  SERVICE_KEY: msg`Service key`,
  VISITOR: msg`Visitor`,
  OPERATOR: msg`Operator`,
  SYSTEM: msg`Roster`,
};

const ROLE_RIGHTS: Record<Role, MessageDescriptor> = {
  ADMIN: msg`Everything, users included`,
  EDITOR: msg`Works with the product, reads the audit log`,
  VIEWER: msg`Reads the product only`,
};
const RIGHTS_WITHIN: Record<Role, MessageDescriptor> = {
  ADMIN: msg`everything, users included`,
  EDITOR: msg`works with the product, reads the audit log`,
  VIEWER: msg`reads the product only`,
};

/** A value of an enum, for people. */
export function word(value: string): string {
  const known = WORDS[value as Role];
  return known ? i18n._(known) : words(value);
}

/** A text that may be a value of an enum, such as one side of a change; another text stays as it is. */
export function wordOrText(text: string): string {
  const known = WORDS[text as Role];
  return known ? i18n._(known) : text;
}

/** What a role may do. */
export function rights(role: Role): string {
  const known = ROLE_RIGHTS[role];
  return known ? i18n._(known) : '';
}

/** What a role may do, within a sentence. */
export function rightsWithin(role: Role): string {
  const known = RIGHTS_WITHIN[role];
  return known ? i18n._(known) : '';
}

/** What a sign-in method is called: passwords in the language of the page, providers as they are configured. */
export function methodWord({ id, label }: { id: string; label: string }): string {
  return id === 'password' ? t`Email and password` : label;
}

/** `SESSION_STARTED` as "Session started". */
function words(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Choices for a select, in the order of the list. */
export function choices<T extends string>(values: readonly T[]): { value: T; label: string }[] {
  return values.map((value) => ({ value, label: word(value) }));
}
