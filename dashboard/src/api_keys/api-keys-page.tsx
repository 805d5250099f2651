import { Button, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { useViewer } from '../session/session';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { CreateKeyDialog } from './create-key-dialog';
import { KeysTable } from './keys-table';
import { EndedCheckbox, PageButtons, useKeyPage } from './paging';
import { AllKeys, CreateApiKey, OwnKeys, RevokeApiKey } from './queries';

// A list without entries names no type: a first key must renew it, too.
const CONTEXT = { additionalTypenames: ['ApiKey'] };

/** API keys: those of all users for admins, their own for others. */
export default function ApiKeysPage() {
  useTitle('API keys');
  const { user } = useViewer();
  const [isCreating, setIsCreating] = useState(false);
  const create = useApiMutation(CreateApiKey);
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
  const { user } = useViewer();
  const revoke = useApiMutation(RevokeApiKey);
  const isTime = useLive(
    ({ kind, userId }) => kind === 'api_key' && userId === user.id,
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({ query: OwnKeys, context: CONTEXT, pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const keys = data?.viewer?.user.apiKeys;
  if (error) return <Failed problem={problemOf(error)} onRetry={refresh} />;
  if (!keys) return <Loading what="your API keys" />;
  return keys.length === 0 ? <NoKeys /> : <KeysTable label="API keys" keys={keys} revoke={revoke} />;
}

function KeysOfAll() {
  const { includeEnded, after, show } = useKeyPage();
  const revoke = useApiMutation(RevokeApiKey);
  const isTime = useLive(
    ({ kind }) => kind === 'api_key',
    () => refresh(),
  );
  const variables = { after, includeEnded };
  const [{ data, error }, ask] = useQuery({ query: AllKeys, variables, context: CONTEXT, pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const connection = data?.apiKeys;
  return (
    <>
      <EndedCheckbox checked={includeEnded} onChange={(ended) => show({ includeEnded: ended, after: null })} />
      {error && (
        <Failed
          problem={problemOf(error)}
          onRetry={refresh}
          onFirst={after === null ? undefined : () => show({ includeEnded, after: null })}
        />
      )}
      {!connection && !error && <Loading what="the API keys" />}
      {connection && connection.nodes.length === 0 && <NoKeys />}
      {connection && connection.nodes.length > 0 && (
        <KeysTable label="API keys" keys={connection.nodes} revoke={revoke} withOwner />
      )}
      <PageButtons after={after} pageInfo={connection?.pageInfo} onShow={(next) => show({ includeEnded, after: next })} />
    </>
  );
}

function NoKeys() {
  return <Empty title="There are no API keys">Create a key for a program that acts for you.</Empty>;
}
