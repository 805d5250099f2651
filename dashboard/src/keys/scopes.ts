import type { ApiScope } from '../gql/graphql';

export const SCOPES: ApiScope[] = ['USERS_READ', 'USERS_WRITE', 'ADMINS_WRITE', 'LINKS_READ', 'AUDIT_READ'];

const NAMES: Record<ApiScope, string> = {
  USERS_READ: 'see users',
  USERS_WRITE: 'invite and change users who are no admins',
  ADMINS_WRITE: 'do the same to admins, and make admins',
  LINKS_READ: 'see the links of invitations',
  AUDIT_READ: 'follow what happens',
};

/** What a scope permits. One that is new is shown as it comes. */
export function scopeName(scope: ApiScope): string {
  return NAMES[scope] ?? scope;
}
