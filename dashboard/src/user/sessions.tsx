import { Button, Group, Table, Text, Title } from '@mantine/core';
import { useDeed } from '../api/use-deed';
import { graphql } from '../gql';
import type { ShownSessionFragment } from '../gql/graphql';
import { tellDone, tellProblem } from '../ui/tell';
import { Ago, Moment } from '../ui/time';
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

const EndSessions = graphql(`
  mutation EndSessions($input: EndSessionsInput!) {
    payload: endSessions(input: $input) { user { id } userErrors { code message field } }
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
  const endAll = useDeed(EndSessions);
  const others = sessions.filter((session) => !session.isCurrent);

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
          <Button
            variant="default"
            size="xs"
            loading={endAll.busy}
            onClick={async () => tell(await endAll.run({ userId, keepCurrent: true }), `${others.length} sessions are ended.`)}
          >
            End {sessions.length > others.length ? 'all others' : 'all'}
          </Button>
        )}
      </Group>
      {sessions.length === 0 && <Text c="dimmed">Signed in nowhere.</Text>}
      {sessions.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: where it is wider than the screen, it must be scrolled without a mouse
        <section className={classes.wide} aria-label="Sessions" tabIndex={0}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Signed in</Table.Th>
                <Table.Th scope="col">Last seen</Table.Th>
                <Table.Th scope="col">Address</Table.Th>
                <Table.Th scope="col">Program</Table.Th>
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
        </section>
      )}
    </section>
  );
}
