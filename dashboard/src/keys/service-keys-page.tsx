import { Text } from '@mantine/core';
import { useApiMutation } from '../api/use-api-mutation';
import { ServiceKeyIcon } from '../ui/icons';
import { Empty } from '../ui/states';
import { KeysList, KeysPage } from './keys-page';
import { CreateServiceKey, RevokeServiceKey, ServiceKeys } from './queries';

const CONTEXT = { additionalTypenames: ['ServiceKey'] };

/** The keys of the account. For admins. */
export default function ServiceKeysPage() {
  const create = useApiMutation(CreateServiceKey);
  const revoke = useApiMutation(RevokeServiceKey);
  return (
    <KeysPage
      label="Service keys"
      createLabel="Create service key"
      nameHint="The program that uses it, such as “Intranet”. Readers of the audit log see it"
      scopesHint="What an admin may do, and no more"
      create={create}
    >
      <Text>
        A service key belongs to the account, not to a person. It keeps working when its creator is deactivated or deleted.
      </Text>
      <KeysList
        label="Service keys"
        what="the service keys"
        kind="service_key"
        query={ServiceKeys}
        context={CONTEXT}
        revoke={revoke}
        empty={
          <Empty title="There are no service keys" icon={ServiceKeyIcon}>
            Create a key for a product of yours that reads the users or invites them.
          </Empty>
        }
      />
    </KeysPage>
  );
}
