// What the import says: of rows, of files, and in numbers.
import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import type { Role } from '../gql/graphql';
import { number } from '../ui/formats';
import { ROLES, word } from '../ui/words';
import type { Person, RowProblem } from './people';
import type { Unreadable } from './read';

/** What is wrong with a row, and what to do. */
export function problemText(problem: RowProblem): string {
  switch (problem.kind) {
    case 'no-address':
      return t`There is no email address in this row.`;
    case 'several-addresses':
      return plural(problem.count, {
        one: 'There is # address in this cell. Keep one.',
        other: 'There are # addresses in this cell. Keep one.',
      });
    case 'unknown-role':
      return t`“${problem.word}” is not a role. Choose one above, or write Viewer, Editor or Admin.`;
    case 'unknown-method':
      return t`“${problem.word}” is not a login method of this account.`;
    case 'duplicate':
      return t`The same address is in line ${problem.line}.`;
    case 'refused':
      return problem.text;
  }
}

/** The role of a row; what it says instead, where that is not known. */
export function roleText({ role, problem }: Person): string {
  return problem?.kind === 'unknown-role' ? problem.word : word(role);
}

const UNREADABLE: Record<Unreadable, MessageDescriptor> = {
  'too-large': msg`This file is larger than 20 MB. Split it, and import the parts one after the other.`,
  spreadsheet: msg`This is a workbook. Open it in your spreadsheet program, save it as CSV, and choose that file.`,
  'not-loaded': msg`The part of Roster that reads files could not be loaded. Check your connection, and try again.`,
};

export function unreadableText(reason: Unreadable): string {
  return i18n._(UNREADABLE[reason]);
}

/** Such as `1 person` or `1,200 people`. */
export function peopleCount(count: number): string {
  return plural(count, { one: '# person', other: '# people' });
}

/** Such as `120 Viewer, 79 Editor, 1 Admin`. */
export function roleCounts(people: readonly Person[]): string {
  const counts = ROLES.map((role): [Role, number] => [role, people.filter((person) => person.role === role).length]);
  return counts
    .filter(([, count]) => count > 0)
    .map(([role, count]) => `${number(count)} ${word(role)}`)
    .join(', ');
}
