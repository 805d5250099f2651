import { Button, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import type { ShownSessionFragment } from '../gql/graphql';
import { notifyDone, notifyProblem } from '../ui/notify';
import { Table } from '../ui/table';
import { Ago, Moment } from '../ui/time';
import { EndAllDialog } from './end-all-dialog';

/** What is shown of a session. */
export const ShownSession = graphql(`
  fragment ShownSession on Session { id startedAt lastSeenAt address userAgent isCurrent authMethod { id label } }
`);

const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    payload: endSession(input: $input) { sessionId userErrors { ...ShownError } }
  }
`);

interface Props {
  userId: string;
  sessions: readonly ShownSessionFragment[];
  onEnded: () => void;
}

/** The sessions of a user. Each can be ended, or all except this one at once. */
export function Sessions({ userId, sessions, onEnded }: Props) {
  const end = useApiMutation(EndSession);
  const [isEndingAll, setIsEndingAll] = useState(false);
  const others = sessions.filter((session) => !session.isCurrent);
  const isOwn = others.length < sessions.length;

  const notify = (outcome: { done: true } | { done: false; problems: { text: string }[] }, message: string) => {
    if (outcome.done) notifyDone(message);
    else notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
    onEnded();
  };
  return (
    <section>
      <Group justify="space-between" mb="xs">
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
        <Table
          label="Sessions"
          rows={sessions}
          columns={[
            {
              label: 'Signed in',
              cell: ({ startedAt, authMethod }) => (
                <>
                  <Moment at={startedAt} />
                  {authMethod && `, ${authMethod.label}`}
                </>
              ),
            },
            { label: 'Last seen', width: '9rem', cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} /> },
            { label: 'IP address', width: '9rem', cell: ({ address }) => address ?? '–' },
            { label: 'Browser or program', cell: ({ userAgent }) => userAgent ?? '–' },
            {
              label: 'Actions',
              width: '6rem',
              cell: ({ id, isCurrent }) =>
                isCurrent ? (
                  'This one'
                ) : (
                  <Button
                    variant="default"
                    size="xs"
                    disabled={end.busy}
                    onClick={async () => notify(await end.run({ id }), 'The session is ended.')}
                  >
                    End
                  </Button>
                ),
            },
          ]}
        />
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
