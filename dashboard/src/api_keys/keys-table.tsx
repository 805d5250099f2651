import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useDeed } from '../api/use-deed';
import type { ShownKeyFragment } from '../gql/graphql';
import { Person } from '../ui/person';
import { Problems } from '../ui/states';
import { tellDone } from '../ui/tell';
import { Ago, Moment, useNow } from '../ui/time';
import { useFocusBack } from '../ui/use-focus-back';
import classes from './keys-table.module.css';
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
  return (
    <section className={classes.wide} aria-label="API keys">
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            {withOwner && <Table.Th scope="col">Acts for</Table.Th>}
            <Table.Th scope="col">May</Table.Th>
            <Table.Th scope="col">Created at</Table.Th>
            <Table.Th scope="col">Last used</Table.Th>
            <Table.Th scope="col">Ends</Table.Th>
            <Table.Th scope="col">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Row key={key.id} shown={key} withOwner={withOwner} onRevoke={() => setRevoking(key)} />
          ))}
        </Table.Tbody>
      </Table>
      {revoking && <RevokeDialog shown={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

interface RowProps {
  shown: ShownKeyFragment;
  withOwner: boolean;
  onRevoke: () => void;
}

function Row({ shown, withOwner, onRevoke }: RowProps) {
  const isOver = Date.parse(shown.expiresAt) <= useNow();
  return (
    <Table.Tr>
      <Table.Td className={classes.name}>{shown.name}</Table.Td>
      {withOwner && (
        <Table.Td className={classes.name}>
          <Person user={shown.owner} otherwise="–" />
        </Table.Td>
      )}
      <Table.Td>{shown.scopes.map(scopeName).join(', ')}</Table.Td>
      <Table.Td>
        <Moment at={shown.createdAt} />
      </Table.Td>
      <Table.Td>{shown.lastUsedAt ? <Ago at={shown.lastUsedAt} /> : 'never'}</Table.Td>
      <Table.Td>
        {shown.revokedAt ? (
          <>
            revoked <Ago at={shown.revokedAt} />
          </>
        ) : (
          <Ago at={shown.expiresAt} />
        )}
      </Table.Td>
      <Table.Td>
        {!shown.revokedAt && !isOver && (
          <Button variant="default" size="xs" onClick={onRevoke} aria-label={`Revoke ${shown.name}`}>
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function RevokeDialog({ shown, onClose }: { shown: ShownKeyFragment; onClose: () => void }) {
  useFocusBack();
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
        <Text>Programs that use “{shown.name}” are refused from now on. This cannot be taken back.</Text>
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
