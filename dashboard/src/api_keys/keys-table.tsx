import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useDeed } from '../api/use-deed';
import type { ShownKeyFragment } from '../gql/graphql';
import { CardTable } from '../ui/card-table';
import { Person } from '../ui/person';
import { Problems } from '../ui/states';
import { tellDone } from '../ui/tell';
import { Ago, Moment, useNow } from '../ui/time';
import { useFocusReturn } from '../ui/use-focus-return';
import { RevokeApiKey } from './queries';
import { scopeName } from './scopes';

interface Props {
  keys: readonly ShownKeyFragment[];
  /** Whether each says whose it is: not where all are of one user. */
  withOwner: boolean;
}

/** API keys in a table. Those in use can be revoked. */
export function KeysTable({ keys, withOwner }: Props) {
  const [revoking, setRevoking] = useState<ShownKeyFragment | null>(null);
  const now = useNow();
  const isInUse = ({ revokedAt, expiresAt }: ShownKeyFragment) => !revokedAt && Date.parse(expiresAt) > now;
  return (
    <>
      <CardTable
        label="API keys"
        rows={keys}
        columns={[
          { label: 'Name', cell: ({ name }) => <bdi>{name}</bdi> },
          ...(withOwner
            ? [{ label: 'Acts for', cell: ({ owner }: ShownKeyFragment) => <Person user={owner} otherwise="–" /> }]
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
                <Button variant="default" size="xs" onClick={() => setRevoking(key)} aria-label={`Revoke ${key.name}`}>
                  Revoke
                </Button>
              ),
          },
        ]}
      />
      {revoking && <RevokeDialog shown={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function End({ shown: { revokedAt, expiresAt }, now }: { shown: ShownKeyFragment; now: number }) {
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

function RevokeDialog({ shown, onClose }: { shown: ShownKeyFragment; onClose: () => void }) {
  useFocusReturn();
  const revoke = useDeed(RevokeApiKey);
  const confirm = async () => {
    const outcome = await revoke.run({ id: shown.id });
    if (!outcome.done) return;
    tellDone(`The API key ${shown.name} is revoked.`);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Revoke API key">
      <Stack>
        <Text>
          Programs that use “<bdi>{shown.name}</bdi>” are refused from now on. This cannot be taken back.
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
