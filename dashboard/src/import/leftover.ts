// The people who were not invited, as a file to be corrected and imported again.
import Papa from 'papaparse';
import type { Role } from '../gql/graphql';
import { listSeparator } from '../ui/spreadsheet';
import type { Person } from './people';
import { problemText } from './texts';

const ROLES: Record<Role, string> = { VIEWER: 'Viewer', EDITOR: 'Editor', ADMIN: 'Admin' };

/** The role in the words that the import reads in every language. */
function roleWord({ role, problem }: Person): string {
  return problem?.kind === 'unknown-role' ? problem.word : ROLES[role];
}

/** A file that spreadsheets of the reader's region open rightly: with a byte order mark, and with their separator. */
export function leftoverFile(people: readonly Person[], separator = listSeparator()): string {
  const rows = people.map((person) => ({
    Line: person.line,
    Email: person.address,
    Role: roleWord(person),
    Methods: person.methods.join(' '),
    Problem: person.problem ? problemText(person.problem) : '',
  }));
  return `\ufeff${Papa.unparse(rows, { delimiter: separator, escapeFormulae: true })}\r\n`;
}
