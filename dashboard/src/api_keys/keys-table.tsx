import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useDeed } from '../api/use-deed';
import type { ShownKeyFragment } from '../gql/graphql';
import { Problems } from '../ui/states';
import { tellDone } from '../ui/tell';
import { Ago, Moment, useNow } from '../ui/time';
import { useFocusReturn } from '../ui/use-focus-return';
import classes from './keys-table.module.css';
import { RevokeApiKey } from './queries';
import { scopeName } from './scopes';

/** API keys in a table. Those in use can be revoked. */
export function KeysTable({ keys }: { keys: readonly ShownKeyFragment[] }) {
  const [revoking, setRevoking] = useState<ShownKeyFragment | null>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: where it is wider than the screen, it must be scrolled without a mouse
    <section className={classes.wide} aria-label="API keys" tabIndex={0}>
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Acts for</Table.Th>
            <Table.Th scope="col">May</Table.Th>
            <Table.Th scope="col">Created at</Table.Th>
            <Table.Th scope="col">Last used</Table.Th>
            <Table.Th scope="col">Ends</Table.Th>
            <Table.Th scope="col">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Row key={key.id} shown={key} onRevoke={() => setRevoking(key)} />
          ))}
        </Table.Tbody>
      </Table>
      {revoking && <RevokeDialog shown={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

function Row({ shown, onRevoke }: { shown: ShownKeyFragment; onRevoke: () => void }) {
  const isOver = Date.parse(shown.expiresAt) <= useNow();
  return (
    <Table.Tr>
      <Table.Td className={classes.name}>{shown.name}</Table.Td>
      <Table.Td>{shown.owner?.email ?? '–'}</Table.Td>
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
