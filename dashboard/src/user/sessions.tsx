import { Button, Group, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useDeed } from '../api/use-deed';
import { graphql } from '../gql';
import type { ShownSessionFragment } from '../gql/graphql';
import { tellDone, tellProblem } from '../ui/tell';
import { Ago, Moment } from '../ui/time';
import { EndAllDialog } from './end-all-dialog';
import classes from './user-page.module.css';

/** What is shown of a session. */
export const ShownSession = graphql(`
  fragment ShownSession on Session { id startedAt lastSeenAt address userAgent isCurrent authMethod { id label } }
`);

const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    payload: endSession(input: $input) { sessionId userErrors { code message field } }
  }
`);

interface Props {
  userId: string;
  sessions: readonly ShownSessionFragment[];
  onEnded: () => void;
}

/** From where somebody is signed in. Each session can be ended, and all others than this one at once. */
export function Sessions({ userId, sessions, onEnded }: Props) {
  const end = useDeed(EndSession);
  const [isEndingAll, setIsEndingAll] = useState(false);
  const others = sessions.filter((session) => !session.isCurrent);
  const isOwn = others.length < sessions.length;

  const tell = (outcome: { done: true } | { done: false; problems: { text: string }[] }, message: string) => {
    if (outcome.done) tellDone(message);
    else tellProblem(outcome.problems.map((problem) => problem.text).join(' '));
    onEnded();
  };
  return (
    <section>
      <Group justify="space-between">
        <Title order={2} size="h3">
          Sessions
        </Title>
        {others.length > 1 && (
          <Button variant="default" size="xs" onClick={() => setIsEndingAll(true)}>
            End {isOwn ? 'all others' : 'all'} …
          </Button>
        )}
      </Group>
      {sessions.length === 0 && <Text c="dimmed">Signed in nowhere.</Text>}
      {sessions.length > 0 && (
        <div className={classes.wide}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Signed in</Table.Th>
                <Table.Th scope="col">Last seen</Table.Th>
                <Table.Th scope="col">IP address</Table.Th>
                <Table.Th scope="col">Browser or program</Table.Th>
                <Table.Th scope="col">Actions</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Moment at={session.startedAt} />
                    {session.authMethod && `, ${session.authMethod.label}`}
                  </Table.Td>
                  <Table.Td>
                    <Ago at={session.lastSeenAt} />
                  </Table.Td>
                  <Table.Td>{session.address ?? '–'}</Table.Td>
                  <Table.Td className={classes.program} title={session.userAgent ?? undefined}>
                    {session.userAgent ?? '–'}
                  </Table.Td>
                  <Table.Td>
                    {session.isCurrent ? (
                      'This one'
                    ) : (
                      <Button
                        variant="default"
                        size="xs"
                        disabled={end.busy}
                        onClick={async () => tell(await end.run({ id: session.id }), 'The session is ended.')}
                      >
                        End
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {isEndingAll && (
        <EndAllDialog
          userId={userId}
          count={others.length}
          isOwn={isOwn}
          onEnded={onEnded}
          onClose={() => setIsEndingAll(false)}
        />
      )}
    </section>
  );
}
