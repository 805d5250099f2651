// The people of a sheet: whom to invite as what, and what is wrong with a row.
import type { Role } from '../gql/graphql';
import { addressesIn, sameAddress } from './addresses';
import { type Columns, otherAddressColumns } from './headings';
import { type Method, methodsOf, roleOf, wordOf } from './role-words';
import type { Row, Sheet } from './sheet';

/** What is wrong with a row. */
export type RowProblem =
  | { kind: 'no-address' }
  | { kind: 'several-addresses'; count: number }
  | { kind: 'unknown-role'; word: string }
  | { kind: 'unknown-method'; word: string }
  | { kind: 'duplicate'; line: number }
  /** The server refuses it, with this reason. */
  | { kind: 'refused'; code: string; text: string };

export interface Person {
  line: number;
  /** What stands there where no address does. */
  address: string;
  role: Role;
  methods: string[];
  problem: RowProblem | null;
}

/** What holds for rows that say nothing, and what unknown words mean. */
export interface Defaults {
  role: Role;
  methods: string[];
  /** The roles that were chosen for unknown words. */
  roles: Readonly<Record<string, Role>>;
}

/** The people, in the order of the sheet. */
export function peopleOf(sheet: Sheet, columns: Columns, defaults: Defaults, offered: readonly Method[]): Person[] {
  const firstLines = new Map<string, number>();
  const isGuess = columns.address === sheet.columns.address;
  const others = columns.address !== null && isGuess ? otherAddressColumns(sheet.headings, columns.address) : [];
  return sheet.rows.map((row) => {
    const person = personOf(row, columns, others, defaults, offered);
    if (person.problem?.kind === 'no-address' || person.problem?.kind === 'several-addresses') return person;
    const key = sameAddress(person.address);
    const first = firstLines.get(key);
    if (first !== undefined) return { ...person, problem: { kind: 'duplicate', line: first } };
    firstLines.set(key, row.line);
    return person;
  });
}

/** The words of the role column that mean no role, with how often each stands there: the most frequent first. */
export function unknownRoles(sheet: Sheet, { role }: Columns): { word: string; count: number }[] {
  const counts = new Map<string, { word: string; count: number }>();
  for (const { cells } of sheet.rows) {
    const word = cells[role ?? -1] ?? '';
    if (word === '' || roleOf(word)) continue;
    const known = counts.get(wordOf(word)) ?? { word, count: 0 };
    counts.set(wordOf(word), { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count);
}

function personOf(
  row: Row,
  columns: Columns,
  others: number[],
  { role, methods, roles }: Defaults,
  offered: readonly Method[],
): Person {
  const cell = (index: number | null) => (index === null ? '' : (row.cells[index] ?? ''));
  const roleWord = cell(columns.role);
  const named = methodsOf(cell(columns.methods), offered);
  const address = addressOf([cell(columns.address), ...others.map(cell)]);
  const found = roleWord === '' ? role : (roleOf(roleWord) ?? roles[wordOf(roleWord)]);
  const person = { line: row.line, role: found ?? role, methods: named.ids.length > 0 ? named.ids : methods };
  if (address.length === 0) {
    const text = row.text ?? row.cells.filter((part) => part !== '').join(', ');
    return { ...person, address: text, problem: { kind: 'no-address' } };
  }
  const problem = problemOf(address.length, roleWord, found, named.unknown);
  return { ...person, address: address.length > 1 ? address.join(' ') : (address[0] ?? ''), problem };
}

function problemOf(count: number, roleWord: string, role: Role | undefined, method: string | null): RowProblem | null {
  if (count > 1) return { kind: 'several-addresses', count };
  if (!role) return { kind: 'unknown-role', word: roleWord };
  return method === null ? null : { kind: 'unknown-method', word: method };
}

/** The addresses of the first cell that has one. Of guests, Entra writes a name into the second that is no address. */
function addressOf(cells: string[]): string[] {
  for (const [index, cell] of cells.entries()) {
    // Exports put an apostrophe before what spreadsheets take for a formula.
    const found = addressesIn(cell.replace(/^'(?=[=+\-@])/, ''));
    const distinct = [...new Map(found.map((one) => [sameAddress(one), one])).values()];
    if (distinct.length > 0 && (index === 0 || !/#ext#/i.test(cell))) return distinct;
  }
  return [];
}
