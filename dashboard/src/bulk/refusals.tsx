import { plural } from '@lingui/core/macro';
import { Alert, Text } from '@mantine/core';
import { list } from '../ui/formats';
import { byReason, type Row } from './run';

/** How many names are told for a reason. */
const NAMED = 5;

/** Who is refused, and why. Nothing where no one is. */
export function Refusals({ rows }: { rows: readonly Row[] }) {
  const groups = byReason(rows);
  if (groups.length === 0) return null;
  const count = groups.reduce((sum, group) => sum + group.rows.length, 0);
  return (
    <Alert color="orange" title={plural(count, { one: '# user cannot be changed', other: '# users cannot be changed' })}>
      {groups.map(({ reason, rows: refused }) => (
        <div key={reason}>
          <Text size="sm" fw={600}>
            {reason}
          </Text>
          <Text size="sm">
            <bdi>{namesOf(refused)}</bdi>
          </Text>
        </div>
      ))}
    </Alert>
  );
}

function namesOf(rows: readonly Row[]): string {
  const names = rows.slice(0, NAMED).map(({ name }) => name);
  const others = rows.length - names.length;
  return list(others > 0 ? [...names, plural(others, { one: '# more', other: '# more' })] : names);
}
