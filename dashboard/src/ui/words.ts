// What the enums of the API are called. One that is new is shown as it comes.
import type { ActorKind, DeliveryState, Role, UserStatus } from '../gql/graphql';

export const ROLES: Role[] = ['VIEWER', 'EDITOR', 'ADMIN'];
export const STATUSES: UserStatus[] = ['ACTIVE', 'INACTIVE', 'PENDING_INVITATION', 'EXPIRED_INVITATION', 'DELETED'];
export const DELIVERIES: DeliveryState[] = ['WAITING', 'SENT', 'FAILED', 'NOT_CONFIGURED'];

const WORDS: Record<Role | UserStatus | DeliveryState | ActorKind, string> = {
  VIEWER: 'Viewer',
  EDITOR: 'Editor',
  ADMIN: 'Admin',
  ACTIVE: 'Active',
  INACTIVE: 'Inactive',
  PENDING_INVITATION: 'Pending invitation',
  EXPIRED_INVITATION: 'Expired invitation',
  DELETED: 'Deleted',
  WAITING: 'Mail is waiting',
  SENT: 'Mail sent',
  FAILED: 'Mail failed',
  NOT_CONFIGURED: 'No mail server',
  USER: 'User',
  API_KEY: 'API key',
  SERVICE_KEY: 'Service key',
  VISITOR: 'Visitor',
  OPERATOR: 'Operator',
  SYSTEM: 'Roster',
};

const ROLE_RIGHTS: Record<Role, string> = {
  ADMIN: 'Everything, users included',
  EDITOR: 'Works with the product, reads the audit log',
  VIEWER: 'Reads the product only',
};

/** A value of an enum, for people. */
export function word(value: string): string {
  return WORDS[value as Role] ?? words(value);
}

/** A text that may be a value of an enum, such as one side of a change; another text stays as it is. */
export function wordOrText(text: string): string {
  return WORDS[text as Role] ?? text;
}

/** What a role may do. */
export function rights(role: Role): string {
  return ROLE_RIGHTS[role] ?? '';
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
