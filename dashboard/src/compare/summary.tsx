import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { type Counted, countOf } from '../ui/count';
import { Moment } from '../ui/time';
import type { CompareState } from './compare-state';
import { type Changes, countsOf } from './differences';

interface Props {
  state: CompareState;
  changes: Changes;
  /** Whether all changes are on this page. */
  isWhole: boolean;
  /** How many users there were at each moment. */
  earlier: Counted | undefined;
  later: Counted | undefined;
}

/** What the changes come to, with ways to both lists. */
export function Summary({ state, changes, isWhole, earlier, later }: Props) {
  const counts = countsOf(changes.nodes);
  return (
    <div>
      <Group gap="lg" role="status">
        <Text>
          <Moment at={changes.from.at} />: {usersOf(earlier)} → {isNow(state) ? t`now` : <Moment at={changes.to.at} />}:{' '}
          {usersOf(later)}
        </Text>
        <Text fw={600}>{isWhole ? counts : t`On this page: ${counts}`}</Text>
      </Group>
      <Group gap="lg">
        <Anchor component={Link} href={`/users?as-of=${encodeURIComponent(state.from)}`} size="sm">
          <Trans>The list at the earlier moment</Trans>
        </Anchor>
        <Anchor component={Link} href={state.to ? `/users?as-of=${encodeURIComponent(state.to)}` : '/users'} size="sm">
          {state.to ? t`The list at the later moment` : t`The list of now`}
        </Anchor>
      </Group>
    </div>
  );
}

function isNow(state: CompareState): boolean {
  return state.to === '';
}

function usersOf(counted: Counted | undefined): string {
  return counted ? countOf(counted, (count, text) => plural(count, { one: `${text} user`, other: `${text} users` })) : '–';
}
