// Views of the list of users: a name, and the query of an address that shows it. Five are built in; the others are saved on the server.
import { t } from '@lingui/core/macro';
import { graphql } from '../gql';
import type { ShownViewFragment } from '../gql/graphql';
import { minuteOf } from '../ui/dates';
import { serverDate } from '../ui/server-clock';
import { HIDEABLE } from '../users/columns';
import { changed, type ListState, readListState, writeListState } from '../users/list-state';
import type { ViewTaste } from '../users/taste';

export const ShownView = graphql(`
  fragment ShownView on SavedView { id name query shared version }
`);

export const SavedViews = graphql(`
  query SavedViews { savedViews { ...ShownView } }
`);

/** A view as the menu shows it. */
export interface View {
  id: string;
  name: string;
  query: string;
  /** The saved view that it is; null for one that is built in. */
  saved: ShownViewFragment | null;
}

const INACTIVE_DAYS = 90;
const DAY_MILLISECONDS = 86_400_000;

/** The views that every account has. They cannot be removed. */
export function builtIn(now: Date = serverDate()): View[] {
  const before = minuteOf(new Date(now.getTime() - (INACTIVE_DAYS + 1) * DAY_MILLISECONDS)).slice(0, 10);
  const view = (id: string, name: string, query: string): View => ({ id, name, query, saved: null });
  return [
    view('needs-attention', t`Needs attention: mail failed`, 'mail=FAILED'),
    view('admins', t`Admins`, 'role=ADMIN'),
    view('never-signed-in', t`Never signed in`, 'never-active=yes'),
    view('inactive', t`Inactive for 90 days`, `status=ACTIVE&active-to=${before}`),
    view('expired', t`Expired invitations`, 'status=EXPIRED_INVITATION'),
  ];
}

/** All views: built in, one's own, those that are shared. */
export function viewsOf(saved: readonly ShownViewFragment[]): View[] {
  return [...builtIn(), ...saved.map((one) => ({ id: one.id, name: one.name, query: one.query, saved: one }))];
}

/** What a list shows, as a view holds it: filters, search, order, page size, columns and density, but neither page nor moment. */
export function queryOf(state: ListState, { hidden, isCompact }: ViewTaste): string {
  const query = writeListState({ ...changed(state, {}), view: '', asOf: '' });
  if (hidden.length > 0) query.set('hide', HIDEABLE.flatMap(({ id }) => (hidden.includes(id) ? [id] : [])).join(','));
  if (isCompact) query.set('density', 'compact');
  return query.toString();
}

/** What a view shows. */
export function stateOf({ id, query }: Pick<View, 'id' | 'query'>): ListState {
  return { ...changed(readListState(new URLSearchParams(query)), {}), view: id };
}

/** The columns and the density of a view. */
export function tasteOf(query: string): ViewTaste {
  const params = new URLSearchParams(query);
  const hidden = (params.get('hide') ?? '').split(',');
  return {
    hidden: HIDEABLE.flatMap(({ id }) => (hidden.includes(id) ? [id] : [])),
    isCompact: params.get('density') === 'compact',
  };
}

/** Whether a list shows something else than its view. A built-in view says nothing of columns. */
export function differs(view: View, state: ListState, taste: ViewTaste): boolean {
  const shown = view.saved ? taste : tasteOf('');
  return queryOf(state, shown) !== queryOf(stateOf(view), tasteOf(view.query));
}
