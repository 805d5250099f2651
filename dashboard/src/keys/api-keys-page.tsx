import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { useViewer } from '../session/session';
import { KeyIcon } from '../ui/icons';
import { Empty, Failed } from '../ui/states';
import { TableSkeleton } from '../ui/table';
import { KeysList, KeysPage } from './keys-page';
import { KeysTable } from './keys-table';
import { AllKeys, CreateApiKey, OwnKeys, RevokeApiKey } from './queries';

const CONTEXT = { additionalTypenames: ['ApiKey'] };

/** API keys: those of all users for admins, their own for others. */
export default function ApiKeysPage() {
  const { user } = useViewer();
  const create = useApiMutation(CreateApiKey);
  return (
    <KeysPage
      kind="api_key"
      createLabel={t`Create API key`}
      nameHint={t`What uses it, such as “Directory sync”`}
      scopesHint={t`What your role permits at that moment, and no more`}
      create={create}
    >
      {user.role === 'ADMIN' ? <KeysOfAll /> : <KeysOfOne />}
    </KeysPage>
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
  if (!keys) return <TableSkeleton text={t`Loading your API keys …`} rows={4} />;
  return keys.length === 0 ? <NoKeys /> : <KeysTable kind="api_key" keys={keys} revoke={revoke} />;
}

function KeysOfAll() {
  const revoke = useApiMutation(RevokeApiKey);
  return <KeysList kind="api_key" query={AllKeys} context={CONTEXT} revoke={revoke} empty={<NoKeys />} withOwner />;
}

function NoKeys() {
  return (
    <Empty title={t`There are no API keys`} icon={KeyIcon}>
      <Trans>
        An API key lets a program do what you may do, such as reading the list of users every night. Its token is shown once, when
        you create it.
      </Trans>
    </Empty>
  );
}
