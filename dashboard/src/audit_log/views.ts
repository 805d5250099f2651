// The views of the audit log, as the address names them, and which roles see them. The server decides; this only hides what is refused.
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Role } from '../gql/graphql';

interface View {
  id: 'events' | 'refused' | 'compare';
  label: MessageDescriptor;
  href: string;
  roles: Role[];
}

const VIEWS: View[] = [
  { id: 'events', label: msg`Events`, href: '/audit-log', roles: ['ADMIN', 'EDITOR'] },
  { id: 'refused', label: msg`Refused attempts`, href: '/audit-log?view=refused', roles: ['ADMIN', 'EDITOR'] },
  { id: 'compare', label: msg`Compare`, href: '/audit-log?view=compare', roles: ['ADMIN'] },
];

/** The views that a role sees, in their order. */
export function viewsOf(role: Role): View[] {
  return VIEWS.filter((view) => view.roles.includes(role));
}

/** The view that an address asks for: the events where it says nothing; null if the role has no view of that name. */
export function viewOf(params: URLSearchParams, role: Role): View['id'] | null {
  const wanted = params.get('view') ?? 'events';
  return viewsOf(role).find((view) => view.id === wanted)?.id ?? null;
}
