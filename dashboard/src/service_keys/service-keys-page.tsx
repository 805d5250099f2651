import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useDeed } from '../api/use-deed';
import { CreateKeyDialog } from '../api_keys/create-key-dialog';
import { KeysTable } from '../api_keys/keys-table';
import { EndedCheckbox, PageButtons, usePlace } from '../api_keys/paging';
import { Empty, Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { CreateServiceKey, RevokeServiceKey, ServiceKeys } from './queries';

// A list without entries names no type: a first key must renew it, too.
const CONTEXT = { additionalTypenames: ['ServiceKey'] };

/** The keys that belong to the account. For admins. */
export default function ServiceKeysPage() {
  useTitle('Service keys');
  const [isCreating, setIsCreating] = useState(false);
  const create = useDeed(CreateServiceKey);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Service keys
        </Title>
        <Button onClick={() => setIsCreating(true)}>Create service key</Button>
      </Group>
      <Text>
        A service key belongs to the account, not to a person. It goes on when whoever created it is deactivated or deleted.
      </Text>
      <Keys />
      {isCreating && (
        <CreateKeyDialog
          title="Create service key"
          nameHint="Which program uses it, such as “Intranet”. Everybody who reads the audit log sees it"
          scopesHint="What an admin may do, and no more"
          create={create}
          onClose={() => setIsCreating(false)}
        />
      )}
    </Stack>
  );
}

function Keys() {
  const { includeEnded, after, show } = usePlace();
  const revoke = useDeed(RevokeServiceKey);
  const [{ data, error }, ask] = useQuery({ query: ServiceKeys, variables: { after, includeEnded }, context: CONTEXT });
  const connection = data?.serviceKeys;
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
      {!connection && !error && <Loading what="the service keys" />}
      {connection && connection.nodes.length === 0 && (
        <Empty title="There are no service keys">A product that uses Roster gets one, and acts for the account with it.</Empty>
      )}
      {connection && connection.nodes.length > 0 && <KeysTable label="Service keys" keys={connection.nodes} revoke={revoke} />}
      <PageButtons after={after} pageInfo={connection?.pageInfo} onShow={(place) => show({ includeEnded, after: place })} />
    </>
  );
}
