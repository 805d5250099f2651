import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../api/use-api-mutation';
import { graphql } from '../gql';
import type { ShownSessionFragment } from '../gql/graphql';
import { number } from '../ui/formats';
import { notifyDone, notifyProblem } from '../ui/notify';
import { Table } from '../ui/table';
import { Ago, Moment } from '../ui/time';
import { methodWord } from '../ui/words';
import { EndAllDialog } from './end-all-dialog';
import { describeUserAgent } from './user-agent';

/** What is shown of a session. */
export const ShownSession = graphql(`
  fragment ShownSession on Session { id startedAt lastSeenAt address userAgent isCurrent authMethod { id label } }
`);

const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    payload: endSession(input: $input) { sessionId userErrors { ...ShownError } }
  }
`);

/** How many are shown at first: the most recently used. */
const FEW = 5;

interface Props {
  userId: string;
  sessions: readonly ShownSessionFragment[];
  onEnded: () => void;
}

/** The sessions of a user. Each can be ended, or all except this one at once. */
export function Sessions({ userId, sessions, onEnded }: Props) {
  const end = useApiMutation(EndSession);
  const [isEndingAll, setIsEndingAll] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const others = sessions.filter((session) => !session.isCurrent);
  const isOwn = others.length < sessions.length;
  const more = isOpen ? 0 : Math.max(sessions.length - FEW, 0);

  const moreText = number(more);

  const notify = (outcome: { done: true } | { done: false; problems: { text: string }[] }, message: string) => {
    if (outcome.done) notifyDone(message);
    else notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
    onEnded();
  };
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          <Trans>Sessions</Trans>
        </Title>
        {others.length > 1 && (
          <Button variant="default" size="xs" onClick={() => setIsEndingAll(true)}>
            {isOwn ? t`End all others …` : t`End all …`}
          </Button>
        )}
      </Group>
      {sessions.length === 0 && (
        <Text c="dimmed">
          <Trans>No active sessions.</Trans>
        </Text>
      )}
      {sessions.length > 0 && (
        <Table
          label={t`Sessions`}
          rows={more > 0 ? sessions.slice(0, FEW) : sessions}
          columns={[
            {
              label: t`Browser`,
              place: 'head',
              cell: ({ userAgent, isCurrent }) => (
                <span title={userAgent ?? undefined}>
                  <bdi>{describeUserAgent(userAgent) ?? t`Unknown`}</bdi>
                  {isCurrent && (
                    <Text span inherit c="dimmed">
                      {' '}
                      <Trans>(this one)</Trans>
                    </Text>
                  )}
                </span>
              ),
            },
            { label: t`IP address`, width: 8, cell: ({ address }) => address ?? '–' },
            {
              label: t`Signed in`,
              width: 10.5,
              cell: ({ startedAt, authMethod }) => (
                <span title={authMethod ? methodWord(authMethod) : undefined}>
                  <Moment at={startedAt} isPlain />
                </span>
              ),
            },
            { label: t`Last seen`, width: 7, cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} isPlain /> },
            {
              label: t`Actions`,
              place: 'end',
              width: 5,
              cell: ({ id, isCurrent }) =>
                !isCurrent && (
                  <Button
                    variant="default"
                    size="xs"
                    disabled={end.busy}
                    onClick={async () => notify(await end.run({ id }), t`The session is ended.`)}
                  >
                    <Trans>End</Trans>
                  </Button>
                ),
            },
          ]}
        />
      )}
      {more > 0 && (
        <Button variant="subtle" size="xs" mt="xs" onClick={() => setIsOpen(true)}>
          <Trans>Show {moreText} more</Trans>
        </Button>
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
