import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
      kind="service_key"
      createLabel={t`Create service key`}
      nameHint={t`The program that uses it, such as “Intranet”. Readers of the audit log see it`}
      scopesHint={t`What an admin may do, and no more`}
      create={create}
    >
      <Text>
        <Trans>
          A service key belongs to the account, not to a person. It keeps working when its creator is deactivated or deleted.
        </Trans>
      </Text>
      <KeysList
        kind="service_key"
        query={ServiceKeys}
        context={CONTEXT}
        revoke={revoke}
        empty={
          <Empty title={t`There are no service keys`} icon={ServiceKeyIcon}>
            <Trans>Create a key for a product of yours that reads the users or invites them.</Trans>
          </Empty>
        }
      />
    </KeysPage>
  );
}
