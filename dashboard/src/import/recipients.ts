// Lines of recipients, as they are typed or copied out of a mail program: `"Turing, Alan" <alan@acme.example>; Ada <ada@acme.example>`.
import { addressesIn, trimmed } from './addresses';
import { roleOf } from './role-words';
import type { Row } from './sheet';

const SEPARATORS = ',;\t';

/** A person of a line, with the cells of [LIST_COLUMNS]. */
type Cells = [address: string, role: string, methods: string];

/** One row for each address in the lines; a line without an address is a row without one. */
export function recipientRows(text: string): Row[] {
  return text.split('\n').flatMap((content, index) => {
    const line = index + 1;
    if (trimmed(content) === '' || isComment(content)) return [];
    const people = segmentsOf(content).flatMap(peopleOf);
    if (people.length > 0) return people.map((cells) => ({ line, cells: [...cells], text: content }));
    const isEmpty = itemsOf(content, SEPARATORS).every((item) => trimmed(item) === '');
    return isEmpty ? [] : [{ line, cells: ['', '', ''], text: content }];
  });
}

export function isComment(text: string): boolean {
  return /^\s*(#|\/\/)/.test(text);
}

/** Semicolons separate recipients where names may contain commas. */
function segmentsOf(line: string): string[] {
  return /<[^<>]*@/.test(line) && line.includes(';') ? itemsOf(line, ';') : [line];
}

/** The people of `Ada Lovelace <ada@acme.example>, Editor, password`: what follows an address is of it, unless it begins a name. */
function peopleOf(segment: string): Cells[] {
  const people: Cells[] = [];
  let pending: string[] = [];
  let roleBefore = '';
  const attach = () => {
    const last = people.at(-1);
    if (last && last[1] === '' && last[2] === '') [last[1], last[2]] = [pending[0] ?? '', pending.slice(1).join(' ').trim()];
    pending = [];
  };
  for (const item of itemsOf(segment, SEPARATORS).map(trimmed)) {
    const addresses = addressesIn(item);
    if (addresses.length === 0) {
      pending.push(item);
      continue;
    }
    const isNamed = item.includes('<');
    const isOfLast = people.length > 0 && (!isNamed || roleOf(pending[0] ?? '') !== null);
    if (isOfLast) attach();
    else if (people.length === 0) roleBefore = pending.find((text) => roleOf(text) !== null) ?? '';
    pending = [];
    people.push(...addresses.map((address): Cells => [address, roleBefore || roleAfter(item, address), '']));
    roleBefore = '';
  }
  attach();
  return people;
}

/** The role in `ada@acme.example Editor`. */
function roleAfter(item: string, address: string): string {
  const after = trimmed(item.slice(item.lastIndexOf(address) + address.length).replace(/^>/, ''));
  return roleOf(after) === null ? '' : after;
}

/** Parts of a line. What is in quotes is not separated. */
function itemsOf(line: string, separators: string): string[] {
  const isQuoting = (line.split('"').length - 1) % 2 === 0;
  const items = [''];
  let inQuotes = false;
  for (const character of line) {
    if (character === '"') inQuotes = isQuoting && !inQuotes;
    else if (!inQuotes && separators.includes(character)) items.push('');
    else items[items.length - 1] += character;
  }
  return items;
}
