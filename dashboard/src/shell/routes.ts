// The routes of the dashboard, and which roles see them. The server decides; this only hides pages that would be refused.
import type { Role } from '../gql/graphql';

interface Route {
  path: string;
  label: string;
  roles: Role[];
}

const ROUTES: Route[] = [
  { path: '/users', label: 'Users', roles: ['ADMIN'] },
  { path: '/overview', label: 'Overview', roles: ['ADMIN'] },
  { path: '/audit-log', label: 'Audit log', roles: ['ADMIN', 'EDITOR'] },
  { path: '/api-keys', label: 'API keys', roles: ['ADMIN', 'EDITOR', 'VIEWER'] },
  { path: '/service-keys', label: 'Service keys', roles: ['ADMIN'] },
  { path: '/account', label: 'Account', roles: ['ADMIN'] },
  { path: '/profile', label: 'My profile', roles: ['ADMIN', 'EDITOR', 'VIEWER'] },
];

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
