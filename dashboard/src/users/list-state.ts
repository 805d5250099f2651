// What the page of users shows, as the address holds it: filters, order, page. Going back goes back in these.
import type { DeliveryState, OrderDirection, Role, UserOrderField, UserStatus, UsersQueryVariables } from '../gql/graphql';
import { endOfDay, instantOf, startOfDay } from '../ui/dates';
import { DELIVERIES, ROLES, STATUSES } from '../ui/words';

/** With all that a row shows, 100 would pass the limit of complexity that the API sets. */
export const PAGE_SIZES = [25, 50, 75];
const ORDERS: UserOrderField[] = ['EMAIL', 'STATUS', 'ROLE', 'CREATED_AT', 'LAST_ACTIVE_AT', 'RELEVANCE'];

export interface Order {
  field: UserOrderField;
  direction: OrderDirection;
}

export interface ListState {
  /** The view that the list began with; empty for none. */
  view: string;
  search: string;
  status: UserStatus[];
  role: Role[];
  methods: string[];
  delivery: DeliveryState[];
  /** Days of the reader's calendar, such as `2026-11-24`; empty where nothing is said. Both ends belong to the span. */
  createdFrom: string;
  createdTo: string;
  activeFrom: string;
  activeTo: string;
  neverActive: boolean;
  /** A minute of the reader's clock, such as `2026-11-24T09:30`: the list as it was then. Empty for now. */
  asOf: string;
  /** The order that was chosen; null where none was: see `orderOf`. */
  order: Order | null;
  size: number;
  /** Which page: after or before a cursor, or the last one; at most one of these. None: the first one. */
  after: string | null;
  before: string | null;
  isLast: boolean;
  /** The number of the first user on the page, from 1, as far as it is known. It is only shown. */
  from: number | null;
}

const NO_FILTER = {
  search: '',
  status: [],
  role: [],
  methods: [],
  delivery: [],
  createdFrom: '',
  createdTo: '',
  activeFrom: '',
  activeTo: '',
  neverActive: false,
} satisfies Partial<ListState>;

const FIRST_PAGE = { after: null, before: null, isLast: false, from: 1 } satisfies Partial<ListState>;

export const START: ListState = {
  view: '',
  ...NO_FILTER,
  asOf: '',
  order: null,
  size: 25,
  ...FIRST_PAGE,
};

/** Reads the state from an address. What makes no sense there is left out. */
export function readListState(params: URLSearchParams): ListState {
  const day = (key: string) => (startOfDay(params.get(key) ?? '') ? (params.get(key) ?? '') : '');
  const several = <T extends string>(key: string, known: readonly T[]) =>
    known.filter((value) => listOf(params, key).includes(value));
  const size = Number(params.get('size'));
  const after = params.get('after');
  const before = after === null ? params.get('before') : null;
  const isLast = after === null && before === null && params.get('last') === 'yes';
  const isFirst = after === null && before === null && !isLast;
  const from = Number(params.get('from'));
  return {
    view: params.get('view') ?? '',
    search: params.get('q') ?? '',
    status: several('status', STATUSES),
    role: several('role', ROLES),
    methods: listOf(params, 'method'),
    delivery: several('mail', DELIVERIES),
    createdFrom: day('created-from'),
    createdTo: day('created-to'),
    activeFrom: day('active-from'),
    activeTo: day('active-to'),
    neverActive: params.get('never-active') === 'yes',
    asOf: instantOf(params.get('as-of') ?? '') ? (params.get('as-of') ?? '') : '',
    order: readOrder(params.get('order')),
    size: PAGE_SIZES.includes(size) ? size : START.size,
    after,
    before,
    isLast,
    from: isFirst ? 1 : Number.isSafeInteger(from) && from > 0 ? from : null,
  };
}

/** Writes the state into an address, without what goes without saying. */
export function writeListState(state: ListState): URLSearchParams {
  const entries: [string, string][] = [
    ['view', state.view],
    ['q', state.search],
    ['status', state.status.join(',')],
    ['role', state.role.join(',')],
    ['method', state.methods.join(',')],
    ['mail', state.delivery.join(',')],
    ['created-from', state.createdFrom],
    ['created-to', state.createdTo],
    ['active-from', state.activeFrom],
    ['active-to', state.activeTo],
    ['never-active', state.neverActive ? 'yes' : ''],
    ['as-of', state.asOf],
    ['order', state.order ? orderText(state.order) : ''],
    ['size', state.size === START.size ? '' : String(state.size)],
    ['after', state.after ?? ''],
    ['before', state.before ?? ''],
    ['last', state.isLast ? 'yes' : ''],
    ['from', state.from === null || isFirstPage(state) ? '' : String(state.from)],
  ];
  return new URLSearchParams(entries.filter(([, value]) => value !== ''));
}

/** The state after a change of filters, order or size: from the first page again. */
export function changed(state: ListState, change: Partial<ListState>): ListState {
  return { ...state, ...FIRST_PAGE, ...change };
}

/** Whether this is the page that every list begins with. */
export function isFirstPage(state: ListState): boolean {
  return state.after === null && state.before === null && !state.isLast;
}

/** The path of the page that shows a state. */
export function listPath(state: ListState): string {
  const query = writeListState(state).toString();
  return query ? `/users?${query}` : '/users';
}

/** What the list is ordered by: as chosen; else the best match of a search first, and the newest users without a search. */
export function orderOf({ order, search }: Pick<ListState, 'order' | 'search'>): Order {
  if (order) return order;
  return search.trim() === '' ? { field: 'CREATED_AT', direction: 'DESC' } : { field: 'RELEVANCE', direction: 'ASC' };
}

/** The state without any filter. */
export function withoutFilters(state: ListState): ListState {
  return changed(state, { ...NO_FILTER, view: '' });
}

/** How many filters are set, the search not counted. */
export function filterCount(state: ListState): number {
  const lists = [state.status, state.role, state.methods, state.delivery].filter((list) => list.length > 0).length;
  const created = state.createdFrom || state.createdTo ? 1 : 0;
  const active = state.activeFrom || state.activeTo || state.neverActive ? 1 : 0;
  return lists + created + active;
}

/** What the state asks of the API. */
export function toVariables(state: ListState): UsersQueryVariables {
  const isBackward = state.before !== null || state.isLast;
  const page = isBackward ? { last: state.size, before: state.before } : { first: state.size, after: state.after };
  const span = (from: string, to: string) => (from || to ? { from: startOfDay(from), before: endOfDay(to) } : null);
  const at = instantOf(state.asOf);
  return {
    ...page,
    asOf: at ? { at } : null,
    orderBy: orderOf(state),
    filter: {
      search: state.search.trim() || null,
      status: orNull(state.status),
      role: orNull(state.role),
      authMethods: orNull(state.methods),
      delivery: orNull(state.delivery),
      created: span(state.createdFrom, state.createdTo),
      lastActive: span(state.activeFrom, state.activeTo),
      neverActive: state.neverActive || null,
    },
  };
}

function orNull<T>(values: T[]): T[] | null {
  return values.length > 0 ? values : null;
}

function listOf(params: URLSearchParams, key: string): string[] {
  return (params.get(key) ?? '').split(',').filter((value) => value !== '');
}

/** Reads an order such as `EMAIL.ASC`; null if the text is not one. */
export function readOrder(text: string | null): Order | null {
  const [name, direction] = (text ?? '').split('.');
  const field = ORDERS.find((order) => order === name);
  return field ? { field, direction: direction === 'ASC' ? 'ASC' : 'DESC' } : null;
}

/** An order as the address has it. */
export function orderText({ field, direction }: Order): string {
  return `${field}.${direction}`;
}
