import { Text } from '@mantine/core';
import { useDeed } from '../api/use-deed';
import { Empty } from '../ui/states';
import { KeysList, KeysPage } from './keys-page';
import { CreateServiceKey, RevokeServiceKey, ServiceKeys } from './queries';

const CONTEXT = { additionalTypenames: ['ServiceKey'] };

/** The keys of the account. For admins. */
export default function ServiceKeysPage() {
  const create = useDeed(CreateServiceKey);
  const revoke = useDeed(RevokeServiceKey);
  return (
    <KeysPage
      label="Service keys"
      createLabel="Create service key"
      nameHint="Which program uses it, such as “Intranet”. Everybody who reads the audit log sees it"
      scopesHint="What an admin may do, and no more"
      create={create}
    >
      <Text>
        A service key belongs to the account, not to a person. It goes on when whoever created it is deactivated or deleted.
      </Text>
      <KeysList
        label="Service keys"
        what="the service keys"
        query={ServiceKeys}
        context={CONTEXT}
        revoke={revoke}
        empty={
          <Empty title="There are no service keys">A product that uses Roster gets one, and acts for the account with it.</Empty>
        }
      />
    </KeysPage>
  );
}
