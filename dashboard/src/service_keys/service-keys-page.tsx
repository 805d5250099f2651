import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { CreateKeyDialog } from '../api_keys/create-key-dialog';
import { KeysTable } from '../api_keys/keys-table';
import { EndedCheckbox, PageButtons, useKeyPage } from '../api_keys/paging';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { CreateServiceKey, RevokeServiceKey, ServiceKeys } from './queries';

// A list without entries names no type: a first key must renew it, too.
const CONTEXT = { additionalTypenames: ['ServiceKey'] };

/** The keys that belong to the account. For admins. */
export default function ServiceKeysPage() {
  useTitle('Service keys');
  const [isCreating, setIsCreating] = useState(false);
  const create = useApiMutation(CreateServiceKey);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Service keys
        </Title>
        <Button onClick={() => setIsCreating(true)}>Create service key</Button>
      </Group>
      <Text>
        A service key belongs to the account, not to a person. It keeps working when its creator is deactivated or deleted.
      </Text>
      <Keys />
      {isCreating && (
        <CreateKeyDialog
          title="Create service key"
          nameHint="The program that uses it, such as “Intranet”. Readers of the audit log see it"
          scopesHint="What an admin may do, and no more"
          create={create}
          onClose={() => setIsCreating(false)}
        />
      )}
    </Stack>
  );
}

function Keys() {
  const { includeEnded, after, show } = useKeyPage();
  const revoke = useApiMutation(RevokeServiceKey);
  const isTime = useLive(
    ({ kind }) => kind === 'service_key',
    () => refresh(),
  );
  const variables = { after, includeEnded };
  const [{ data, error }, ask] = useQuery({ query: ServiceKeys, variables, context: CONTEXT, pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const connection = data?.serviceKeys;
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
      {!connection && !error && <Loading what="the service keys" />}
      {connection && connection.nodes.length === 0 && (
        <Empty title="There are no service keys">Create a key for a product that acts for the account.</Empty>
      )}
      {connection && connection.nodes.length > 0 && <KeysTable label="Service keys" keys={connection.nodes} revoke={revoke} />}
      <PageButtons after={after} pageInfo={connection?.pageInfo} onShow={(next) => show({ includeEnded, after: next })} />
    </>
  );
}
