import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, MultiSelect, Stack, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { graphql } from '../gql';
import { Pager } from '../ui/pager';
import { Empty, Failed } from '../ui/states';
import { TableSkeleton } from '../ui/table';
import { useTitle } from '../ui/use-title';
import { REASONS } from './attempt-words';
import { NarrowingFields } from './narrowing-fields';
import { RefusedList } from './refused-list';
import { isNarrowed, type RefusedState, readRefusedState, toRefusedVariables, writeRefusedState } from './refused-state';

const RefusedAttempts = graphql(`
  query RefusedAttempts($after: String, $filter: RefusedAttemptFilter) {
    refusedAttempts(first: 50, after: $after, filter: $filter) {
      nodes { ...ShownAttempt }
      pageInfo { hasNextPage endCursor }
      count { count precision }
    }
  }
`);

const NOTHING = readRefusedState(new URLSearchParams());

/** Sign-ins that failed and changes that were forbidden, the newest first. */
export function RefusedView() {
  useTitle(t`Refused attempts`);
  const [params, setParams] = useSearchParams();
  const state = readRefusedState(params);
  const [{ data, error }, ask] = useQuery({
    query: RefusedAttempts,
    variables: toRefusedVariables(state),
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const attempts = data?.refusedAttempts;
  const show = (next: RefusedState) => setParams(writeRefusedState(next));

  return (
    <Stack>
      <Filters state={state} onChange={(change) => show({ ...state, after: null, ...change })} />
      <Group gap="md" mih={36}>
        {isNarrowed(state) && (
          <Button variant="default" size="xs" onClick={() => show(NOTHING)}>
            <Trans>Clear the filters</Trans>
          </Button>
        )}
        <Text size="sm" c="dimmed">
          <Trans>Sign-ins that failed, and changes that were forbidden. They are kept for 90 days, without what was typed.</Trans>
        </Text>
      </Group>
      {error && (
        <Failed
          problem={problemOf(error)}
          onRetry={refresh}
          onFirst={state.after === null ? undefined : () => show({ ...state, after: null })}
        />
      )}
      {!attempts && !error && <TableSkeleton text={t`Loading the refused attempts …`} />}
      {attempts?.nodes.length === 0 && (
        <Empty title={isNarrowed(state) ? t`Nothing of the kind was refused` : t`Nothing was refused`} />
      )}
      {attempts && attempts.nodes.length > 0 && <RefusedList attempts={attempts.nodes} />}
      {attempts && (
        <Pager
          what={t`refused attempts`}
          from={null}
          shown={attempts.nodes.length}
          total={attempts.count}
          ways={['First', 'Next']}
          onFirst={() => (state.after === null ? refresh() : show({ ...state, after: null }))}
          onNext={
            attempts.pageInfo.hasNextPage ? () => show({ ...state, after: attempts.pageInfo.endCursor ?? null }) : undefined
          }
        />
      )}
    </Stack>
  );
}

interface FiltersProps {
  state: RefusedState;
  onChange: (change: Partial<RefusedState>) => void;
}

function Filters({ state, onChange }: FiltersProps) {
  return (
    <Group align="flex-end" gap="xs">
      <MultiSelect
        label={t`Why`}
        placeholder={state.codes.length === 0 ? t`Every reason` : undefined}
        data={Object.entries(REASONS).map(([value, label]) => ({ value, label: i18n._(label) }))}
        value={state.codes}
        onChange={(codes) => onChange({ codes })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t`Clear why` }}
        flex="1 1 14rem"
        maw="26rem"
      />
      <NarrowingFields state={state} onChange={onChange} />
    </Group>
  );
}
