import { Badge, type MantineColor, Text } from '@mantine/core';
import type { UserChangeKind } from '../gql/graphql';
import { PersonCell } from '../ui/person-cell';
import classes from './change-list.module.css';
import { differences, factsOf, isSentAgain, type ShownChange } from './differences';

const KIND_CHIPS: Record<UserChangeKind, { label: string; color: MantineColor }> = {
  CAME: { label: 'Added', color: 'green' },
  WENT: { label: 'Removed', color: 'red' },
  CHANGED: { label: 'Changed', color: 'blue' },
  CAME_AND_WENT: { label: 'Added and removed', color: 'gray' },
};

/** The users who came, went or were changed, each with before and after. */
export function ChangeList({ changes }: { changes: readonly ShownChange[] }) {
  return (
    <ul className={classes.list} aria-label="Changed users">
      {changes.map((change) => (
        <li key={change.after.userId}>
          <PersonCell
            user={{ id: change.after.userId, name: change.after.name ?? null, email: change.after.email ?? null }}
            href={`/users/${change.after.userId}`}
          />
          <div>
            <Badge variant="light" color={KIND_CHIPS[change.kind]?.color ?? 'gray'} tt="none">
              {KIND_CHIPS[change.kind]?.label ?? change.kind}
            </Badge>
          </div>
          <div className={classes.what}>
            <What change={change} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function What({ change: { kind, before, after } }: { change: ShownChange }) {
  if (kind === 'CAME') return <Text size="sm">New: {factsOf(after)}</Text>;
  if (kind === 'CAME_AND_WENT') return <Text size="sm">Invited and deleted in between.</Text>;
  if (!before) return null;
  if (kind === 'WENT') return <Text size="sm">Was: {factsOf(before)}</Text>;

  const found = differences(before, after);
  const isResent = isSentAgain(before, after);
  if (found.length === 0 && !isResent) return <Text size="sm">Something that the list does not show. See their history.</Text>;
  return (
    <>
      {found.length > 0 && (
        <dl className={classes.differences}>
          {found.map(({ label, from, to }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <del>
                  <bdi>{from}</bdi>
                </del>{' '}
                →{' '}
                <ins>
                  <bdi>{to}</bdi>
                </ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isResent && <Text size="sm">The invitation was sent again.</Text>}
    </>
  );
}
