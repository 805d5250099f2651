import { Anchor, Button, Group, Stack, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { graphql } from '../gql';
import { Events } from '../ui/events';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';

const AuditLog = graphql(`
  query AuditLog($after: String) {
    auditLog(first: 50, after: $after) {
      nodes { ...ShownEvent }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** Everything that happened in the account, the newest first. */
export default function AuditLogPage() {
  useTitle('Audit log');
  const [params, setParams] = useSearchParams();
  const after = params.get('after');
  const [{ data, error }, ask] = useQuery({ query: AuditLog, variables: { after }, requestPolicy: 'cache-and-network' });
  const log = data?.auditLog;

  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Audit log
        </Title>
        <Group gap="md">
          <Anchor href="/history/export?format=csv" size="sm">
            Export as CSV
          </Anchor>
          <Anchor href="/history/export" size="sm">
            Export as CloudEvents
          </Anchor>
        </Group>
      </Group>
      {error && <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
      {!log && !error && <Loading what="the audit log" />}
      {log?.nodes.length === 0 && <Empty title="Nothing has happened yet" />}
      {log && log.nodes.length > 0 && <Events events={log.nodes} />}
      <Group>
        <Button variant="default" disabled={after === null} onClick={() => setParams({})}>
          Newest
        </Button>
        <Button
          variant="default"
          disabled={!log?.pageInfo.hasNextPage}
          onClick={() => setParams({ after: log?.pageInfo.endCursor ?? '' })}
        >
          Older
        </Button>
      </Group>
    </Stack>
  );
}
