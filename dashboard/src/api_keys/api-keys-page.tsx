import { Button, Checkbox, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useViewer } from '../session/session';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { CreateKeyDialog } from './create-key-dialog';
import { KeysTable } from './keys-table';
import { AllKeys, OwnKeys } from './queries';

// A list without entries names no type: a first key must renew it, too.
const CONTEXT = { additionalTypenames: ['ApiKey'] };

/** API keys: everybody's for admins, one's own for others. */
export default function ApiKeysPage() {
  useTitle('API keys');
  const { user } = useViewer();
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          API keys
        </Title>
        <Button onClick={() => setIsCreating(true)}>Create API key</Button>
      </Group>
      {user.role === 'ADMIN' ? <KeysOfAll /> : <KeysOfOne />}
      {isCreating && <CreateKeyDialog onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}

function KeysOfOne() {
  const [{ data, error }, ask] = useQuery({ query: OwnKeys, context: CONTEXT });
  const keys = data?.viewer?.user.apiKeys;
  if (error) return <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (!keys) return <Loading what="your API keys" />;
  return keys.length === 0 ? <NoKeys /> : <KeysTable keys={keys} withOwner={false} />;
}

function KeysOfAll() {
  const [params, setParams] = useSearchParams();
  const includeEnded = params.get('ended') === 'yes';
  const after = params.get('after');
  const [{ data, error }, ask] = useQuery({ query: AllKeys, variables: { after, includeEnded }, context: CONTEXT });
  const connection = data?.apiKeys;
  const show = (ended: boolean, place: string | null) =>
    setParams({ ...(ended ? { ended: 'yes' } : {}), ...(place === null ? {} : { after: place }) });

  return (
    <>
      <Checkbox
        label="Show keys that have ended, too"
        checked={includeEnded}
        onChange={(event) => show(event.target.checked, null)}
      />
      {error && (
        <Failed
          problem={problemOf(error)}
          onRetry={() => ask({ requestPolicy: 'network-only' })}
          onFirst={after === null ? undefined : () => show(includeEnded, null)}
        />
      )}
      {!connection && !error && <Loading what="the API keys" />}
      {connection && connection.nodes.length === 0 && <NoKeys />}
      {connection && connection.nodes.length > 0 && <KeysTable keys={connection.nodes} withOwner />}
      {(after !== null || connection?.pageInfo.hasNextPage) && (
        <Group>
          <Button variant="default" disabled={after === null} onClick={() => show(includeEnded, null)}>
            First
          </Button>
          <Button
            variant="default"
            disabled={!connection?.pageInfo.hasNextPage}
            onClick={() => show(includeEnded, connection?.pageInfo.endCursor ?? null)}
          >
            Next
          </Button>
        </Group>
      )}
    </>
  );
}

function NoKeys() {
  return <Empty title="There are no API keys">A program gets one of its own, and acts for you with it.</Empty>;
}
