// The routes of the dashboard, and which roles see them. The server decides; this only hides pages that would be refused.
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Role } from '../gql/graphql';
import { AuditIcon, type Icon, KeyIcon, OverviewIcon, ProfileIcon, ServiceKeyIcon, SettingsIcon, UsersIcon } from '../ui/icons';

export interface Route {
  path: string;
  label: MessageDescriptor;
  icon: Icon;
  roles: Role[];
  /** The letter that leads there after a `g`. */
  letter: string;
}

const ALL: Role[] = ['ADMIN', 'EDITOR', 'VIEWER'];

const ROUTES: Route[] = [
  { path: '/users', label: msg`Users`, icon: UsersIcon, roles: ['ADMIN'], letter: 'u' },
  { path: '/overview', label: msg`Overview`, icon: OverviewIcon, roles: ['ADMIN'], letter: 'o' },
  { path: '/audit-log', label: msg`Audit log`, icon: AuditIcon, roles: ['ADMIN', 'EDITOR'], letter: 'l' },
  { path: '/api-keys', label: msg`API keys`, icon: KeyIcon, roles: ALL, letter: 'k' },
  { path: '/service-keys', label: msg`Service keys`, icon: ServiceKeyIcon, roles: ['ADMIN'], letter: 's' },
  { path: '/account', label: msg`Account`, icon: SettingsIcon, roles: ['ADMIN'], letter: 'a' },
];

/** The page of the viewer, which the menu of the viewer leads to. */
export const PROFILE: Route = { path: '/profile', label: msg`My profile`, icon: ProfileIcon, roles: ALL, letter: 'p' };

/** The routes that a role sees, in the order of the menu. */
export function routesOf(role: Role): Route[] {
  return ROUTES.filter((route) => route.roles.includes(role));
}

/** Whether a path is a route that a role does not see. */
export function isClosed(path: string, role: Role): boolean {
  const route = ROUTES.find((one) => one.path === path);
  return route !== undefined && !route.roles.includes(role);
}

const STARTS: Record<Role, string> = { ADMIN: '/users', EDITOR: '/audit-log', VIEWER: '/profile' };

/** Where a role starts. */
export function startPath(role: Role): string {
  return STARTS[role] ?? '/profile';
}
