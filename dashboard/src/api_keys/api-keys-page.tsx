import { Button, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useDeed } from '../api/use-deed';
import { useViewer } from '../session/session';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { CreateKeyDialog } from './create-key-dialog';
import { KeysTable } from './keys-table';
import { EndedCheckbox, PageButtons, usePlace } from './paging';
import { AllKeys, CreateApiKey, OwnKeys, RevokeApiKey } from './queries';

// A list without entries names no type: a first key must renew it, too.
const CONTEXT = { additionalTypenames: ['ApiKey'] };

/** API keys: everybody's for admins, one's own for others. */
export default function ApiKeysPage() {
  useTitle('API keys');
  const { user } = useViewer();
  const [isCreating, setIsCreating] = useState(false);
  const create = useDeed(CreateApiKey);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          API keys
        </Title>
        <Button onClick={() => setIsCreating(true)}>Create API key</Button>
      </Group>
      {user.role === 'ADMIN' ? <KeysOfAll /> : <KeysOfOne />}
      {isCreating && (
        <CreateKeyDialog
          title="Create API key"
          nameHint="What uses it, such as “Directory sync”"
          scopesHint="What your role permits at that moment, and no more"
          create={create}
          onClose={() => setIsCreating(false)}
        />
      )}
    </Stack>
  );
}

function KeysOfOne() {
  const revoke = useDeed(RevokeApiKey);
  const [{ data, error }, ask] = useQuery({ query: OwnKeys, context: CONTEXT });
  const keys = data?.viewer?.user.apiKeys;
  if (error) return <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (!keys) return <Loading what="your API keys" />;
  return keys.length === 0 ? <NoKeys /> : <KeysTable label="API keys" keys={keys} revoke={revoke} />;
}

function KeysOfAll() {
  const { includeEnded, after, show } = usePlace();
  const revoke = useDeed(RevokeApiKey);
  const [{ data, error }, ask] = useQuery({ query: AllKeys, variables: { after, includeEnded }, context: CONTEXT });
  const connection = data?.apiKeys;
  return (
    <>
      <EndedCheckbox checked={includeEnded} onChange={(ended) => show({ includeEnded: ended, after: null })} />
      {error && (
        <Failed
          problem={problemOf(error)}
          onRetry={() => ask({ requestPolicy: 'network-only' })}
          onFirst={after === null ? undefined : () => show({ includeEnded, after: null })}
        />
      )}
      {!connection && !error && <Loading what="the API keys" />}
      {connection && connection.nodes.length === 0 && <NoKeys />}
      {connection && connection.nodes.length > 0 && (
        <KeysTable label="API keys" keys={connection.nodes} revoke={revoke} withOwner />
      )}
      <PageButtons after={after} pageInfo={connection?.pageInfo} onShow={(place) => show({ includeEnded, after: place })} />
    </>
  );
}

function NoKeys() {
  return <Empty title="There are no API keys">A program gets one of its own, and acts for you with it.</Empty>;
}
