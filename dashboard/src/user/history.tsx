import { plural } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { type Problem, problemOf } from '../api/problems';
import { EventList } from '../events/event-list';
import { graphql } from '../gql';
import type { ShownHistoryFragment } from '../gql/graphql';
import { countOf } from '../ui/count';
import { number } from '../ui/formats';
import { Problems } from '../ui/states';
import { ZoneNote } from '../ui/zone-note';
import { type HistoryPart, joined } from './history-part';

/** What is shown of a user's history. */
export const ShownHistory = graphql(`
  fragment ShownHistory on EventConnection {
    count { count precision }
    nodes { ...ShownEvent }
    pageInfo { hasNextPage endCursor }
  }
`);

const OlderHistory = graphql(`
  query OlderHistory($id: ID!, $after: String) {
    user(id: $id) { history(first: 50, after: $after) { ...ShownHistory } }
  }
`);

/** The history of a user, the newest event first. Older events load on demand. */
export function History({ userId, newest }: { userId: string; newest: ShownHistoryFragment }) {
  const client = useClient();
  const [known, setKnown] = useState(() => partOf(newest));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const count = useRef<HTMLParagraphElement>(null);
  const shown = joined(partOf(newest), known);

  const shownText = number(shown.events.length);
  const allText = countOf(
    newest.count,
    (count, all) => plural(count, { one: `${all} event`, other: `${all} events` }),
    shown.events.length,
  );

  const showOlder = async () => {
    setBusy(true);
    const { data, error } = await client.query(OlderHistory, { id: userId, after: shown.next }).toPromise();
    setBusy(false);
    setProblem(error ? problemOf(error) : null);
    const older = data?.user?.history;
    if (!older) return;
    setKnown({ events: [...shown.events, ...older.nodes], next: partOf(older).next });
    // The button goes with the last events; the focus must not go with it.
    if (!older.pageInfo.hasNextPage) count.current?.focus();
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between" align="baseline">
        <Title order={2} size="h4">
          <Trans>History</Trans>
        </Title>
        <ZoneNote />
      </Group>
      <EventList events={shown.events} level={3} />
      <Problems problems={problem ? [problem] : []} />
      <Group>
        {shown.next !== null && (
          <Button variant="default" loading={busy} onClick={showOlder}>
            <Trans>Show older</Trans>
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status" ref={count} tabIndex={-1}>
          <Trans>
            {shownText} of {allText}
          </Trans>
        </Text>
      </Group>
    </Stack>
  );
}

function partOf({ nodes, pageInfo }: ShownHistoryFragment): HistoryPart<ShownHistoryFragment['nodes'][number]> {
  return { events: nodes, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null };
}
