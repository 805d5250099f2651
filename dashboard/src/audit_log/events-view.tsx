import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { EventList } from '../events/event-list';
import { graphql } from '../gql';
import { useViewer } from '../session/session';
import { ExportLink } from '../ui/export-link';
import { Pager } from '../ui/pager';
import { Empty, Failed } from '../ui/states';
import { TableSkeleton } from '../ui/table';
import { useTitle } from '../ui/use-title';
import { Filters } from './filters';
import { historyExportPath, type LogState, readLogState, toLogVariables, writeLogState } from './log-state';

const AuditLog = graphql(`
  query AuditLog($after: String, $filter: EventFilter) {
    auditLog(first: 100, after: $after, filter: $filter) {
      nodes { ...ShownEvent }
      pageInfo { hasNextPage endCursor }
      count { count precision }
    }
  }
`);

/** Everything that happened in the account, the newest first; what happens meanwhile appears at the top. */
export function EventsView() {
  useTitle(t`Audit log`);
  const { user: viewer } = useViewer();
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
  const showFirst = () => show({ ...state, after: null });

  return (
    <Stack>
      <Filters state={state} onChange={(change) => show({ ...state, after: null, ...change })} />
      <Group gap="sm" data-screen-only data-in-address>
        {state.types.length === 0 && (
          <Checkbox
            label={t`Show mails`}
            checked={state.mails}
            onChange={(event) => show({ ...state, after: null, mails: event.currentTarget.checked })}
          />
        )}
        {isFiltered && (
          <Button variant="subtle" color="gray" onClick={() => setParams({})}>
            <Trans>Clear the filters</Trans>
          </Button>
        )}
        <Group gap="sm" ms="auto">
          <ExportLink path={historyExportPath(state, 'csv')} label={t`Export as CSV`} />
          <ExportLink path={historyExportPath(state, 'ndjson')} label={t`Export as CloudEvents`} />
        </Group>
      </Group>
      {viewer.role !== 'ADMIN' && (
        <Text size="sm" c="dimmed">
          <Trans>You see what happened, and your own name. Who the other users are is for admins only.</Trans>
        </Text>
      )}
      {error && <Failed problem={problemOf(error)} onRetry={refresh} onFirst={isTail ? undefined : showFirst} />}
      {!log && !error && <TableSkeleton text={t`Loading the audit log …`} />}
      {log?.nodes.length === 0 && (
        <Empty title={isFiltered ? t`No such events` : t`Nothing has happened yet`}>
          {isFiltered ? t`Take away a filter to see more.` : t`What people do in this account appears here.`}
        </Empty>
      )}
      {log && log.nodes.length > 0 && <EventList events={log.nodes} />}
      {log && (
        <Pager
          what={t`events`}
          from={null}
          shown={log.nodes.length}
          total={log.count}
          ways={['First', 'Next']}
          onFirst={isTail ? undefined : showFirst}
          onNext={log.pageInfo.hasNextPage ? () => show({ ...state, after: log.pageInfo.endCursor ?? null }) : undefined}
        />
      )}
    </Stack>
  );
}
