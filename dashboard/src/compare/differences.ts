// In what a user differs between two moments, and what the changes come to.
import { plural, t } from '@lingui/core/macro';
import type { ChangesQuery, UserChangeKind } from '../gql/graphql';
import { methodWord, word } from '../ui/words';

export type Changes = NonNullable<ChangesQuery['userChanges']>;
export type ShownChange = Changes['nodes'][number];
type Side = ShownChange['after'];

export interface Difference {
  label: string;
  from: string;
  to: string;
}

export const KINDS: UserChangeKind[] = ['CAME', 'WENT', 'CHANGED', 'CAME_AND_WENT'];

/** The differences of a user whom the list showed both times; empty if the list does not show them. */
export function differences(before: Side, after: Side): Difference[] {
  const both: [string, (side: Side) => string][] = [
    [t`Name`, (side) => side.name ?? '–'],
    [t`Status`, (side) => word(side.status)],
    [t`User role`, (side) => word(side.role)],
    [t`Auth method(s)`, methodsOf],
  ];
  return both.flatMap(([label, value]) => {
    const from = value(before);
    const to = value(after);
    return from === to ? [] : [{ label, from, to }];
  });
}

/** Whether an invitation that was open both times was sent again in between. */
export function isSentAgain(before: Side, after: Side): boolean {
  return before.invitation != null && after.invitation != null && before.invitation.sentAt !== after.invitation.sentAt;
}

/** A user's role, status and login methods in one line. */
export function factsOf(side: Side): string {
  return [word(side.role), word(side.status), methodsOf(side)].join(' · ');
}

/** How many changes there are of each kind, such as "3 added, 1 changed"; kinds without any are left out. */
export function countsOf(changes: readonly Pick<ShownChange, 'kind'>[]): string {
  return KINDS.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [countOfKind(kind, count)];
  }).join(', ');
}

function countOfKind(kind: UserChangeKind, count: number): string {
  switch (kind) {
    case 'CAME':
      return plural(count, { other: '# added' });
    case 'WENT':
      return plural(count, { other: '# removed' });
    case 'CHANGED':
      return plural(count, { other: '# changed' });
    case 'CAME_AND_WENT':
      return plural(count, { other: '# added and removed' });
  }
}

function methodsOf(side: Side): string {
  return side.authMethods.map((method) => methodWord(method)).join(', ');
}
