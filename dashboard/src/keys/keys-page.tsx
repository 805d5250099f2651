import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { t } from '@lingui/core/macro';
import { Button, Group, Stack, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { KeyIcon } from '../ui/icons';
import { Pager } from '../ui/pager';
import { Failed } from '../ui/states';
import { TableSkeleton } from '../ui/table';
import { useTitle } from '../ui/use-title';
import { type CreateKey, CreateKeyDialog } from './create-key-dialog';
import { type Key, type KeysKind, KeysTable, labelOf, type RevokeKey } from './keys-table';
import { EndedCheckbox, useKeyPage } from './paging';

interface Props {
  kind: KeysKind;
  /** The label of the button and the dialog. */
  createLabel: string;
  nameHint: string;
  scopesHint: string;
  create: CreateKey;
  children: ReactNode;
}

/** A page with keys of one kind and a button to create one. */
export function KeysPage({ kind, createLabel, nameHint, scopesHint, create, children }: Props) {
  useTitle(labelOf(kind));
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {labelOf(kind)}
        </Title>
        <Button onClick={() => setIsCreating(true)} leftSection={<KeyIcon size={16} />}>
          {createLabel}
        </Button>
      </Group>
      {children}
      {isCreating && (
        <CreateKeyDialog
          title={createLabel}
          nameHint={nameHint}
          scopesHint={scopesHint}
          create={create}
          onClose={() => setIsCreating(false)}
        />
      )}
    </Stack>
  );
}

interface KeysData {
  keys?: { nodes: Key[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } | null;
}

interface ListProps {
  /** The kind of the events that change the list. */
  kind: KeysKind;
  query: TypedDocumentNode<KeysData, { after?: string | null; includeEnded: boolean }>;
  /** The type of an entry: an empty list names no type, and the first key must refresh it. */
  context: { additionalTypenames: string[] };
  revoke: RevokeKey;
  empty: ReactNode;
  withOwner?: boolean;
}

/** All keys of one kind, in pages. */
export function KeysList({ kind, query, context, revoke, empty, withOwner }: ListProps) {
  const { includeEnded, after, show } = useKeyPage();
  const isTime = useLive(
    (event) => event.kind === kind,
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({ query, variables: { after, includeEnded }, context, pause: !isTime });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const connection = data?.keys;
  return (
    <>
      <EndedCheckbox checked={includeEnded} onChange={(ended) => show({ includeEnded: ended, after: null })} />
      {error && (
        <Failed
          problem={problemOf(error)}
          onRetry={refresh}
          onFirst={after === null ? undefined : () => show({ includeEnded, after: null })}
        />
      )}
      {!connection && !error && (
        <TableSkeleton text={kind === 'api_key' ? t`Loading the API keys …` : t`Loading the service keys …`} rows={4} />
      )}
      {connection && connection.nodes.length === 0 && empty}
      {connection && connection.nodes.length > 0 && (
        <KeysTable kind={kind} keys={connection.nodes} revoke={revoke} withOwner={withOwner} />
      )}
      {connection && (after !== null || connection.pageInfo.hasNextPage) && (
        <Pager
          what={labelOf(kind)}
          from={after === null ? 1 : null}
          shown={connection.nodes.length}
          total="unknown"
          ways={['First', 'Next']}
          onFirst={after === null ? undefined : () => show({ includeEnded, after: null })}
          onNext={
            connection.pageInfo.hasNextPage
              ? () => show({ includeEnded, after: connection.pageInfo.endCursor ?? null })
              : undefined
          }
        />
      )}
    </>
  );
}
