import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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

export type KeysKind = 'api_key' | 'service_key';

/** What the keys are called. */
export function labelOf(kind: KeysKind): string {
  return kind === 'api_key' ? t`API keys` : t`Service keys`;
}

interface Props {
  kind: KeysKind;
  keys: readonly Key[];
  revoke: RevokeKey;
  /** Whether the table shows the owner of each key. */
  withOwner?: boolean;
}

/** A table of API keys or service keys. Keys in use have a button to revoke them. */
export function KeysTable({ kind, keys, revoke, withOwner = false }: Props) {
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
        label={labelOf(kind)}
        rows={keys}
        columns={[
          { label: t`Name`, place: 'head', cell: ({ name }) => <bdi className={classes.name}>{name}</bdi> },
          ...(withOwner
            ? [
                {
                  label: t`Acts for`,
                  width: 14,
                  cell: (key: Key) => <Person user={'owner' in key ? key.owner : null} otherwise="–" />,
                },
              ]
            : []),
          { label: t`May`, cell: ({ scopes }) => scopes.map(scopeName).join(', ') },
          { label: t`Created at`, width: 8, cell: ({ createdAt }) => <Day at={createdAt} isPlain /> },
          {
            label: t`Last used`,
            width: 8,
            cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago at={lastUsedAt} isPlain /> : t`never`),
          },
          { label: t`Ends`, width: 9, cell: (key) => <End shown={key} now={now} /> },
          {
            label: t`Actions`,
            width: 7,
            place: 'end',
            cell: (key) =>
              isInUse(key) && (
                <Button variant="default" size="xs" onClick={() => ask(key)} aria-label={revokeLabel(key)}>
                  <Trans>Revoke</Trans>
                </Button>
              ),
          },
        ]}
      />
      {revoking && <RevokeDialog kind={kind} shown={revoking} revoke={revoke} onClose={() => setRevoking(null)} />}
    </>
  );
}

function revokeLabel({ name }: Key): string {
  return t`Revoke ${name}`;
}

function End({ shown: { revokedAt, expiresAt }, now }: { shown: Key; now: number }) {
  if (!revokedAt)
    return Date.parse(expiresAt) > now ? (
      <Ago at={expiresAt} />
    ) : (
      <Trans>
        ended <Ago at={expiresAt} />
      </Trans>
    );
  return (
    <Trans>
      revoked <Ago at={revokedAt} />
    </Trans>
  );
}

interface RevokeProps {
  kind: KeysKind;
  shown: Key;
  revoke: RevokeKey;
  onClose: () => void;
}

function RevokeDialog({ kind, shown, revoke, onClose }: RevokeProps) {
  const { name } = shown;
  const confirm = async () => {
    const outcome = await revoke.run({ id: shown.id });
    if (!outcome.done) return;
    notifyDone(kind === 'api_key' ? t`The API key ${name} is revoked.` : t`The service key ${name} is revoked.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t`Revoke ${name}?`}
      verb={kind === 'api_key' ? t`Revoke API key` : t`Revoke service key`}
      isDangerous
      busy={revoke.busy}
      problems={revoke.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Trans>Programs that use this key are refused from now on. This cannot be undone.</Trans>
    </ConfirmDialog>
  );
}
