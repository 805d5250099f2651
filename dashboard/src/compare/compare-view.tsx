import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from 'urql';
import { Redirect, useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import { Pager } from '../ui/pager';
import { serverDate } from '../ui/server-clock';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { ChangeList } from './change-list';
import { type CompareState, comparePath, readCompareState, toChangesVariables, writeCompareState } from './compare-state';
import { quickMoments, weekAgo } from './moments';
import { Summary } from './summary';

const Changes = graphql(`
  query Changes($from: AsOf!, $to: AsOf, $after: String) {
    userChanges(from: $from, to: $to, first: 100, after: $after) {
      nodes {
        kind
        before { ...ComparedUser }
        after { ...ComparedUser }
      }
      pageInfo { hasNextPage endCursor }
      from { at }
      to { at event }
    }
    earlier: users(first: 1, asOf: $from) { count { count precision } }
    later: users(first: 1, asOf: $to) { count { count precision } }
  }
`);

/** What is compared of a user. */
export const ComparedUser = graphql(`
  fragment ComparedUser on User { id userId email name role status authMethods { id label } invitation { sentAt } }
`);

/** Who came, went and was changed between two moments. For admins. */
export function CompareView() {
  useTitle(t`Compare`);
  const [params, setParams] = useSearchParams();
  const state = readCompareState(params);
  if (state.from === '') return <Redirect to={comparePath(weekAgo(serverDate()))} replace />;
  const show = (change: Partial<CompareState>) => setParams(writeCompareState({ ...state, upTo: null, after: null, ...change }));
  return <Comparison state={state} show={show} />;
}

interface Props {
  state: CompareState;
  /** Shows the first page of something else, or another page. */
  show: (change: Partial<CompareState>) => void;
}

function Comparison({ state, show }: Props) {
  const [{ data, error, fetching }, ask] = useQuery({
    query: Changes,
    variables: toChangesVariables(state),
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const isNow = state.to === '' && state.upTo === null;
  useLive(({ kind }) => isNow && kind === 'user', refresh, 'later');

  const changes = error ? null : (data?.userChanges ?? null);
  const isWhole = state.after === null && changes?.pageInfo.hasNextPage === false;

  return (
    <Stack>
      <Moments state={state} show={show} />
      {error && (
        <Failed problem={problemOf(error)} onRetry={refresh} onFirst={state.after === null ? undefined : () => show({})} />
      )}
      {!changes && !error && <Loading text={msg`Loading the changes …`} />}
      {changes && (
        <div aria-busy={fetching}>
          <Stack>
            <Summary
              state={state}
              changes={changes}
              isWhole={isWhole}
              earlier={data?.earlier?.count}
              later={data?.later?.count}
            />
            {changes.nodes.length > 0 ? <ChangeList changes={changes.nodes} /> : <Empty title={t`No users changed in between`} />}
          </Stack>
        </div>
      )}
      {changes && !isWhole && (
        <Pager
          what={t`changes`}
          from={state.after === null ? 1 : null}
          shown={changes.nodes.length}
          total="unknown"
          ways={['First', 'Next']}
          onFirst={state.after === null ? undefined : () => show({})}
          onNext={
            changes.pageInfo.hasNextPage
              ? () => show({ after: changes.pageInfo.endCursor ?? null, upTo: changes.to.event ?? null })
              : undefined
          }
        />
      )}
    </Stack>
  );
}

function Moments({ state, show }: Props) {
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <TextInput
          type="datetime-local"
          label={t`Earlier moment`}
          value={state.from}
          onChange={(event) => event.target.value && show({ from: event.target.value })}
        />
        <TextInput
          type="datetime-local"
          label={t`Later moment (empty: now)`}
          value={state.to}
          onChange={(event) => show({ to: event.target.value })}
        />
        {state.to !== '' && (
          <Button variant="subtle" onClick={() => show({ to: '' })}>
            <Trans>Compare with now</Trans>
          </Button>
        )}
      </Group>
      <Group gap="xs" role="group" aria-label={t`Quick choices of the earlier moment`}>
        <Text size="sm" c="dimmed" aria-hidden>
          <Trans>Look back to:</Trans>
        </Text>
        {quickMoments(serverDate()).map(({ label, minute }) => (
          <Button
            key={label}
            variant={minute === state.from ? 'light' : 'default'}
            aria-pressed={minute === state.from}
            size="compact-sm"
            onClick={() => show({ from: minute })}
          >
            {label}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
