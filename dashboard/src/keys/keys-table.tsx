import { Button } from '@mantine/core';
import { useState } from 'react';
import type { UserError } from '../api/problems';
import type { ApiMutation } from '../api/use-api-mutation';
import type { ShownKeyFragment, ShownServiceKeyFragment } from '../gql/graphql';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';
import { Person } from '../ui/person';
import { Table } from '../ui/table';
import { Ago, Day, useNow } from '../ui/time';
import classes from './keys-table.module.css';
import { scopeName } from './scopes';

export type Key = ShownKeyFragment | ShownServiceKeyFragment;
export type RevokeKey = ApiMutation<{ id: string }, { userErrors: readonly UserError[] }>;

export type KeysLabel = 'API keys' | 'Service keys';

interface Props {
  label: KeysLabel;
  keys: readonly Key[];
  revoke: RevokeKey;
  /** Whether the table shows the owner of each key. */
  withOwner?: boolean;
}

/** A table of API keys or service keys. Keys in use have a button to revoke them. */
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
      <Table
        label={label}
        rows={keys}
        columns={[
          { label: 'Name', place: 'head', cell: ({ name }) => <bdi className={classes.name}>{name}</bdi> },
          ...(withOwner
            ? [{ label: 'Acts for', cell: (key: Key) => <Person user={'owner' in key ? key.owner : null} otherwise="–" /> }]
            : []),
          { label: 'May', cell: ({ scopes }) => scopes.map(scopeName).join(', ') },
          { label: 'Created at', width: '8rem', cell: ({ createdAt }) => <Day at={createdAt} isPlain /> },
          {
            label: 'Last used',
            width: '9rem',
            cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago at={lastUsedAt} isPlain /> : 'never'),
          },
          { label: 'Ends', width: '10rem', cell: (key) => <End shown={key} now={now} /> },
          {
            label: 'Actions',
            width: '7rem',
            place: 'end',
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
  label: KeysLabel;
  shown: Key;
  revoke: RevokeKey;
  onClose: () => void;
}

const REVOKE = {
  'API keys': { verb: 'Revoke API key', done: (name: string) => `The API key ${name} is revoked.` },
  'Service keys': { verb: 'Revoke service key', done: (name: string) => `The service key ${name} is revoked.` },
};

function RevokeDialog({ label, shown, revoke, onClose }: RevokeProps) {
  const { verb, done } = REVOKE[label];
  const confirm = async () => {
    const outcome = await revoke.run({ id: shown.id });
    if (!outcome.done) return;
    notifyDone(done(shown.name));
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Revoke ${shown.name}?`}
      verb={verb}
      isDangerous
      busy={revoke.busy}
      problems={revoke.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      Programs that use this key are refused from now on. This cannot be undone.
    </ConfirmDialog>
  );
}
