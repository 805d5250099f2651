// The places of the dashboard, and who sees them. The server decides; this only spares people pages that would be refused.
import type { Role } from '../gql/graphql';

interface Place {
  path: string;
  label: string;
  roles: Role[];
}

const PLACES: Place[] = [
  { path: '/users', label: 'Users', roles: ['ADMIN'] },
  { path: '/overview', label: 'Overview', roles: ['ADMIN'] },
  { path: '/audit-log', label: 'Audit log', roles: ['ADMIN', 'EDITOR'] },
  { path: '/api-keys', label: 'API keys', roles: ['ADMIN', 'EDITOR', 'VIEWER'] },
  { path: '/service-keys', label: 'Service keys', roles: ['ADMIN'] },
  { path: '/account', label: 'Account', roles: ['ADMIN'] },
  { path: '/profile', label: 'My profile', roles: ['ADMIN', 'EDITOR', 'VIEWER'] },
];

/** The places that a role sees, in the order of the menu. */
export function placesOf(role: Role): Place[] {
  return PLACES.filter((place) => place.roles.includes(role));
}

/** Whether a path is a place that a role does not see. */
export function isClosed(path: string, role: Role): boolean {
  const place = PLACES.find((one) => one.path === path);
  return place !== undefined && !place.roles.includes(role);
}

const STARTS: Record<Role, string> = { ADMIN: '/users', EDITOR: '/audit-log', VIEWER: '/profile' };

/** Where a role starts. */
export function startPath(role: Role): string {
  return STARTS[role] ?? '/profile';
}
