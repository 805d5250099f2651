import { expect, test } from 'vitest';
import {
  changed,
  filterCount,
  type ListState,
  listPath,
  readListState,
  START,
  toVariables,
  withoutFilters,
  writeListState,
} from './list-state';

const read = (text: string) => readListState(new URLSearchParams(text));

const everything: ListState = {
  view: 'mine',
  search: 'ada & co',
  status: ['ACTIVE', 'EXPIRED_INVITATION'],
  role: ['ADMIN'],
  methods: ['password', 'google'],
  delivery: ['FAILED'],
  createdFrom: '2026-01-01',
  createdTo: '2026-06-30',
  activeFrom: '2026-02-01',
  activeTo: '2026-02-28',
  neverActive: true,
  asOf: '2026-03-01T09:30',
  order: { field: 'EMAIL', direction: 'ASC' },
  size: 75,
  after: 'a-cursor',
  before: null,
  isLast: false,
  from: 76,
};

test('an address keeps everything', () => {
  expect(read(writeListState(everything).toString())).toEqual(everything);
});

test('an address says nothing that goes without saying', () => {
  expect(writeListState(START).toString()).toBe('');
  expect(read('')).toEqual(START);
});

test('what makes no sense in an address is left out', () => {
  expect(read('status=ASLEEP,ACTIVE&role=KING&order=SHOE_SIZE.ASC&size=7&created-from=soon&from=-4')).toEqual({
    ...START,
    status: ['ACTIVE'],
  });
});

test('a page has one end only', () => {
  expect(read('after=a&before=b&last=yes')).toMatchObject({ after: 'a', before: null, isLast: false });
  expect(read('before=b&last=yes')).toMatchObject({ before: 'b', isLast: false });
});

test('the first page begins with the first user, another one where the address says', () => {
  expect(read('from=26').from).toBe(1);
  expect(read('after=a&from=26').from).toBe(26);
  expect(read('after=a&from=soon').from).toBeNull();
  expect(read('last=yes').from).toBeNull();
});

test('the last page is asked for from the end', () => {
  expect(toVariables({ ...START, isLast: true })).toMatchObject({ last: 25, before: null });
});

test('a state is a path', () => {
  expect(listPath(START)).toBe('/users');
  expect(listPath({ ...START, role: ['ADMIN'] })).toBe('/users?role=ADMIN');
});

test('a change of filters starts at the first page', () => {
  expect(changed(everything, { role: [] }).after).toBeNull();
  expect(changed(everything, { before: 'b' })).toMatchObject({ after: null, before: 'b' });
});

test('without filters the order and size stay', () => {
  const state = withoutFilters(everything);
  expect(filterCount(state)).toBe(0);
  expect(state).toMatchObject({ search: '', order: { field: 'EMAIL' }, size: 75 });
});

test('what a search finds is ordered by relevance, unless an order was chosen', () => {
  expect(toVariables(read('q=ada')).orderBy).toEqual({ field: 'RELEVANCE', direction: 'ASC' });
  expect(toVariables(read('q=+')).orderBy).toEqual({ field: 'CREATED_AT', direction: 'DESC' });
  expect(toVariables(read('q=ada&order=CREATED_AT.DESC')).orderBy).toEqual({ field: 'CREATED_AT', direction: 'DESC' });
  expect(writeListState(read('q=ada&order=CREATED_AT.DESC')).get('order')).toBe('CREATED_AT.DESC');
});

test('filters are counted by kind', () => {
  expect(filterCount(everything)).toBe(6);
});

test('going back asks for the last ones before a cursor', () => {
  expect(toVariables({ ...START, before: 'b' })).toMatchObject({ last: 25, before: 'b' });
  expect(toVariables(START)).toMatchObject({ first: 25, after: null });
});

test('a moment of the past is asked for as an instant', () => {
  const at = new Date('2026-03-01T09:30').toISOString();
  expect(toVariables(everything).asOf).toEqual({ at });
  expect(read('as-of=once').asOf).toBe('');
});

test('a filter that is not set is not asked for', () => {
  expect(Object.values(toVariables(START).filter ?? {}).every((value) => value === null)).toBe(true);
});
