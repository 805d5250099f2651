// The people who were not invited, as a file to be corrected and imported again.
import Papa from 'papaparse';
import { listSeparator } from '../ui/spreadsheet';
import type { Person } from './people';
import { problemText, roleText } from './texts';

/** A file that spreadsheets of the reader's region open rightly: with a byte order mark, and with their separator. */
export function leftoverFile(people: readonly Person[], separator = listSeparator()): string {
  const rows = people.map((person) => ({
    Line: person.line,
    Email: person.address,
    Role: roleText(person),
    Methods: person.methods.join(' '),
    Problem: person.problem ? problemText(person.problem) : '',
  }));
  return `\ufeff${Papa.unparse(rows, { delimiter: separator, escapeFormulae: true })}\r\n`;
}
