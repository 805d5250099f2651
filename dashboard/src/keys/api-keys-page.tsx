import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useDeed } from '../api/use-deed';
import { useViewer } from '../session/session';
import { Empty, Failed, Loading } from '../ui/states';
import { KeysList, KeysPage } from './keys-page';
import { KeysTable } from './keys-table';
import { AllKeys, CreateApiKey, OwnKeys, RevokeApiKey } from './queries';

const CONTEXT = { additionalTypenames: ['ApiKey'] };

/** API keys: those of all users for admins, their own for others. */
export default function ApiKeysPage() {
  const { user } = useViewer();
  const create = useDeed(CreateApiKey);
  return (
    <KeysPage
      label="API keys"
      createLabel="Create API key"
      nameHint="What uses it, such as “Directory sync”"
      scopesHint="What your role permits at that moment, and no more"
      create={create}
    >
      {user.role === 'ADMIN' ? <KeysOfAll /> : <KeysOfOne />}
    </KeysPage>
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
  const revoke = useDeed(RevokeApiKey);
  return (
    <KeysList
      label="API keys"
      what="the API keys"
      query={AllKeys}
      context={CONTEXT}
      revoke={revoke}
      empty={<NoKeys />}
      withOwner
    />
  );
}

function NoKeys() {
  return <Empty title="There are no API keys">A program gets one of its own, and acts for you with it.</Empty>;
}
