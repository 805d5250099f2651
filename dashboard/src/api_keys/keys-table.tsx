import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { UserError } from '../api/problems';
import type { ApiMutation } from '../api/use-api-mutation';
import type { ShownKeyFragment, ShownServiceKeyFragment } from '../gql/graphql';
import { CardTable } from '../ui/card-table';
import { notifyDone } from '../ui/notify';
import { Person } from '../ui/person';
import { Problems } from '../ui/states';
import { Ago, Moment, useNow } from '../ui/time';
import { useFocusReturn } from '../ui/use-focus-return';
import { scopeName } from './scopes';

type Key = ShownKeyFragment | ShownServiceKeyFragment;
type Revoke = ApiMutation<{ id: string }, { userErrors: readonly UserError[] }>;

interface Props {
  label: 'API keys' | 'Service keys';
  keys: readonly Key[];
  revoke: Revoke;
  /** Whether each says whose it is: not where all are of one user, or of the account. */
  withOwner?: boolean;
}

/** API keys or service keys in a table. Those in use can be revoked. */
export function KeysTable({ label, keys, revoke, withOwner = false }: Props) {
  const [revoking, setRevoking] = useState<Key | null>(null);
  const now = useNow();
  const ask = (key: Key) => {
    revoke.clearProblems();
    setRevoking(key);
  };
  const isInUse = ({ revokedAt, expiresAt }: Key) => !revokedAt && Date.parse(expiresAt) > now;
  return (
    <>
      <CardTable
        label={label}
        rows={keys}
        columns={[
          { label: 'Name', cell: ({ name }) => <bdi>{name}</bdi> },
          ...(withOwner
            ? [{ label: 'Acts for', cell: (key: Key) => <Person user={'owner' in key ? key.owner : null} otherwise="–" /> }]
            : []),
          { label: 'May', cell: ({ scopes }) => scopes.map(scopeName).join(', ') },
          { label: 'Created at', width: '12rem', cell: ({ createdAt }) => <Moment at={createdAt} /> },
          { label: 'Last used', width: '9rem', cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago at={lastUsedAt} /> : 'never') },
          { label: 'Ends', width: '10rem', cell: (key) => <End shown={key} now={now} /> },
          {
            label: 'Actions',
            width: '7rem',
            cell: (key) =>
              isInUse(key) && (
                <Button variant="default" size="xs" onClick={() => ask(key)} aria-label={`Revoke ${key.name}`}>
                  Revoke
                </Button>
              ),
          },
        ]}
      />
      {revoking && <RevokeDialog label={label} shown={revoking} revoke={revoke} onClose={() => setRevoking(null)} />}
    </>
  );
}

function End({ shown: { revokedAt, expiresAt }, now }: { shown: Key; now: number }) {
  if (!revokedAt)
    return Date.parse(expiresAt) > now ? (
      <Ago at={expiresAt} />
    ) : (
      <>
        ended <Ago at={expiresAt} />
      </>
    );
  return (
    <>
      revoked <Ago at={revokedAt} />
    </>
  );
}

interface RevokeProps {
  label: Props['label'];
  shown: Key;
  revoke: Revoke;
  onClose: () => void;
}

function RevokeDialog({ label, shown, revoke, onClose }: RevokeProps) {
  useFocusReturn();
  const what = label === 'API keys' ? 'API key' : 'service key';
  const confirm = async () => {
    const outcome = await revoke.run({ id: shown.id });
    if (!outcome.done) return;
    notifyDone(`The ${what} ${shown.name} is revoked.`);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Revoke ${what}`}>
      <Stack>
        <Text>
          Programs that use “<bdi>{shown.name}</bdi>” are refused from now on. This cannot be undone.
        </Text>
        <Problems problems={revoke.problems} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={revoke.busy} onClick={confirm}>
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
