import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Badge, type MantineColor, Text } from '@mantine/core';
import type { UserChangeKind } from '../gql/graphql';
import { PersonCell } from '../ui/person-cell';
import classes from './change-list.module.css';
import { differences, factsOf, isSentAgain, type ShownChange } from './differences';

const KIND_CHIPS: Record<UserChangeKind, { label: MessageDescriptor; color: MantineColor }> = {
  CAME: { label: msg`Added`, color: 'green' },
  WENT: { label: msg`Removed`, color: 'red' },
  CHANGED: { label: msg`Changed`, color: 'blue' },
  CAME_AND_WENT: { label: msg`Added and removed`, color: 'gray' },
};

/** The users who came, went or were changed, each with before and after. */
export function ChangeList({ changes }: { changes: readonly ShownChange[] }) {
  return (
    <ul className={classes.list} aria-label={t`Changed users`}>
      {changes.map((change) => (
        <li key={change.after.userId}>
          <PersonCell
            user={{ id: change.after.userId, name: change.after.name ?? null, email: change.after.email ?? null }}
            href={`/users/${change.after.userId}`}
          />
          <div>
            <Badge variant="light" color={KIND_CHIPS[change.kind]?.color ?? 'gray'} tt="none">
              {KIND_CHIPS[change.kind] ? i18n._(KIND_CHIPS[change.kind].label) : change.kind}
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
  const now = factsOf(after);
  const then = before && factsOf(before);
  if (kind === 'CAME')
    return (
      <Text size="sm">
        <Trans>New: {now}</Trans>
      </Text>
    );
  if (kind === 'CAME_AND_WENT')
    return (
      <Text size="sm">
        <Trans>Invited and deleted in between.</Trans>
      </Text>
    );
  if (!before) return null;
  if (kind === 'WENT')
    return (
      <Text size="sm">
        <Trans>Was: {then}</Trans>
      </Text>
    );

  const found = differences(before, after);
  const isResent = isSentAgain(before, after);
  if (found.length === 0 && !isResent)
    return (
      <Text size="sm">
        <Trans>Something that the list does not show. See their history.</Trans>
      </Text>
    );
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
      {isResent && (
        <Text size="sm">
          <Trans>The invitation was sent again.</Trans>
        </Text>
      )}
    </>
  );
}
