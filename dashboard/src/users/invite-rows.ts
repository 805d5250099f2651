// Reads people to be invited out of pasted text or a CSV file.
import type { InviteUsersRow, Role } from '../gql/graphql';
import { ROLES } from '../ui/words';

export interface Defaults {
  role: Role;
  authMethods: string[];
}

/** A row that could be read, or why it could not. `line` counts from 1. */
export type ReadRow =
  | { line: number; row: InviteUsersRow; problem: null }
  | { line: number; row: null; text: string; problem: string };

/**
 * One person a line: the address, then a role and login methods (`password google`) where they differ from the defaults. A line may
 * also hold several addresses. Cells are separated by commas, semicolons or tabs; a first line of headings is skipped.
 */
export function readRows(text: string, defaults: Defaults): ReadRow[] {
  return text.split(/\r\n|\n|\r/).flatMap((content, index) => {
    const cells = cellsOf(content);
    const line = index + 1;
    if (cells.every((cell) => cell === '') || (index === 0 && isHeading(cells))) return [];
    const addresses = cells.filter((cell) => cell.includes('@'));
    if (addresses.length > 1) return addresses.map((email) => ({ line, row: { email, ...defaults }, problem: null }));
    return [readRow(line, content, cells, defaults)];
  });
}

function readRow(line: number, text: string, cells: string[], defaults: Defaults): ReadRow {
  const [email = '', roleText = '', methodsText = ''] = cells;
  const role = roleText === '' ? defaults.role : ROLES.find((known) => known === roleText.toUpperCase());
  if (!role) return { line, row: null, text: text.trim(), problem: `“${roleText}” is no role: it is Viewer, Editor or Admin.` };
  const methods = methodsText.split(/[\s|]+/).filter((method) => method !== '');
  return { line, row: { email, role, authMethods: methods.length > 0 ? methods : defaults.authMethods }, problem: null };
}

function isHeading(cells: string[]): boolean {
  return /^e-?mail( address)?$/i.test(cells[0] ?? '');
}

/** The cells of a line; a cell in quotes may hold separators, and quotes that are doubled. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|[,;\t])(?:\s*"((?:[^"]|"")*)"\s*(?=[,;\t]|$)|([^,;\t]*))/g)) {
    cells.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
  }
  return cells;
}
