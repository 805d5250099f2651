import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { ApiScope } from '../gql/graphql';

export const SCOPES: ApiScope[] = ['USERS_READ', 'USERS_WRITE', 'ADMINS_WRITE', 'LINKS_READ', 'AUDIT_READ'];

const NAMES: Record<ApiScope, MessageDescriptor> = {
  USERS_READ: msg`see users`,
  USERS_WRITE: msg`invite and change users who are no admins`,
  ADMINS_WRITE: msg`do the same to admins, and make admins`,
  LINKS_READ: msg`see the links of invitations`,
  AUDIT_READ: msg`follow what happens`,
};

/** What a scope permits. One that is new is shown as it comes. */
export function scopeName(scope: ApiScope): string {
  const known = NAMES[scope];
  return known ? i18n._(known) : scope;
}
