import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import { Events } from '../ui/events';
import { ExportLink } from '../ui/export-link';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { Filters } from './filters';
import { historyExportPath, type LogState, readLogState, toLogVariables, writeLogState } from './log-state';

const AuditLog = graphql(`
  query AuditLog($after: String, $filter: EventFilter) {
    auditLog(first: 50, after: $after, filter: $filter) {
      nodes { ...ShownEvent }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** Everything that happened in the account, the newest first; what happens meanwhile appears at the top. */
export function EventsView() {
  useTitle('Audit log');
  const [params, setParams] = useSearchParams();
  const state = readLogState(params);
  // New events appear on the first page.
  const isTail = state.after === null;
  const isTime = useLive(
    () => isTail,
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({
    query: AuditLog,
    variables: toLogVariables(state),
    requestPolicy: 'cache-and-network',
    pause: !isTime,
  });
  const log = data?.auditLog;
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const isFiltered = writeLogState({ ...state, after: null }).toString() !== '';
  const show = (next: LogState) => setParams(writeLogState(next));

  return (
    <Stack>
      <Filters state={state} onChange={(change) => show({ ...state, after: null, ...change })} />
      <Group gap="md" justify="flex-end" mih={36}>
        {isFiltered && (
          <Button variant="default" size="xs" mr="auto" onClick={() => setParams({})}>
            Clear the filters
          </Button>
        )}
        <ExportLink path={historyExportPath(state, 'csv')}>Export as CSV</ExportLink>
        <ExportLink path={historyExportPath(state, 'ndjson')}>Export as CloudEvents</ExportLink>
      </Group>
      {error && (
        <Failed
          problem={problemOf(error)}
          onRetry={refresh}
          onFirst={isTail ? undefined : () => show({ ...state, after: null })}
        />
      )}
      {!log && !error && <Loading what="the audit log" />}
      {log?.nodes.length === 0 && <Empty title="Nothing of the kind has happened" />}
      {log && log.nodes.length > 0 && <Events events={log.nodes} withSubject />}
      <Group>
        <Button variant="default" disabled={state.after === null} onClick={() => show({ ...state, after: null })}>
          Newest
        </Button>
        <Button
          variant="default"
          disabled={!log?.pageInfo.hasNextPage}
          onClick={() => show({ ...state, after: log?.pageInfo.endCursor ?? null })}
        >
          Older
        </Button>
      </Group>
    </Stack>
  );
}
