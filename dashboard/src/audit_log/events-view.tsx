import { Anchor, Button, Group, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { graphql } from '../gql';
import type { EventType } from '../gql/graphql';
import { Events } from '../ui/events';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { word } from '../ui/words';
import { EVENT_TYPES, historyExportPath, type LogState, readLogState, toLogVariables, writeLogState } from './log-state';

const AuditLog = graphql(`
  query AuditLog($after: String, $filter: EventFilter) {
    auditLog(first: 50, after: $after, filter: $filter) {
      nodes { ...ShownEvent }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** Everything that happened in the account, the newest first. */
export function EventsView() {
  useTitle('Audit log');
  const [params, setParams] = useSearchParams();
  const state = readLogState(params);
  const [{ data, error, fetching }, ask] = useQuery({
    query: AuditLog,
    variables: toLogVariables(state),
    requestPolicy: 'cache-and-network',
  });
  const log = data?.auditLog;
  const show = (next: LogState) => setParams(writeLogState(next));

  return (
    <Stack>
      <Filters state={state} onChange={(change) => show({ ...state, after: null, ...change })} onClear={() => setParams({})} />
      <Group gap="md" justify="flex-end">
        <Anchor href={historyExportPath(state, 'csv')} size="sm">
          Export as CSV
        </Anchor>
        <Anchor href={historyExportPath(state, 'ndjson')} size="sm">
          Export as CloudEvents
        </Anchor>
      </Group>
      {error && <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
      {!log && !error && <Loading what="the audit log" />}
      {log?.nodes.length === 0 && <Empty title="Nothing of the kind has happened" />}
      {log && log.nodes.length > 0 && <Events events={log.nodes} withSubject />}
      <Group>
        <Button variant="default" disabled={state.after === null} onClick={() => show({ ...state, after: null })}>
          Newest
        </Button>
        <Button
          variant="default"
          disabled={fetching || !log?.pageInfo.hasNextPage}
          onClick={() => show({ ...state, after: log?.pageInfo.endCursor ?? null })}
        >
          Older
        </Button>
      </Group>
    </Stack>
  );
}

interface FiltersProps {
  state: LogState;
  onChange: (change: Partial<LogState>) => void;
  onClear: () => void;
}

function Filters({ state, onChange, onClear }: FiltersProps) {
  const isFiltered = writeLogState({ ...state, after: null }).toString() !== '';
  return (
    <Group align="flex-end" gap="xs">
      <MultiSelect
        label="What"
        placeholder={state.types.length === 0 ? 'Everything' : undefined}
        data={EVENT_TYPES.map((type) => ({ value: type, label: word(type) }))}
        value={state.types}
        onChange={(types) => onChange({ types: types as EventType[] })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear what' }}
        flex="1 1 16rem"
        maw="32rem"
      />
      <TextInput type="date" label="From" value={state.from} onChange={(event) => onChange({ from: event.target.value })} />
      <TextInput type="date" label="Until" value={state.to} onChange={(event) => onChange({ to: event.target.value })} />
      {state.subject && (
        <Button variant="default" onClick={() => onChange({ subject: '' })}>
          About one user ✕
        </Button>
      )}
      {state.actor && (
        <Button variant="default" onClick={() => onChange({ actor: '' })}>
          By one user ✕
        </Button>
      )}
      {isFiltered && (
        <Button variant="subtle" onClick={onClear}>
          Clear
        </Button>
      )}
    </Group>
  );
}
