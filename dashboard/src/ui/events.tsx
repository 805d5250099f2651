import { Table, Text } from '@mantine/core';
import { graphql } from '../gql';
import type { ShownEventFragment } from '../gql/graphql';
import { Actor } from './actor';
import classes from './events.module.css';
import { Person } from './person';
import { Moment } from './time';
import { word, wordOrText } from './words';

/** What is shown of an event. */
export const ShownEvent = graphql(`
  fragment ShownEvent on Event {
    id
    type
    at
    summary
    actor { ...ShownActor }
    user { id email }
    changes { field from to }
  }
`);

interface Props {
  events: readonly ShownEventFragment[];
  /** Whether each says whom it is about: not where all are about one user. */
  withSubject?: boolean;
}

/** Events in a row: who did what, to whom and when, before and after. */
export function Events({ events, withSubject = false }: Props) {
  return (
    <ol className={classes.events}>
      {events.map((event) => (
        <li key={event.id}>
          <Text fw={600}>
            <bdi>{event.summary}</bdi>
          </Text>
          {event.changes.length > 0 && <Changes changes={event.changes} />}
          <Text size="sm" c="dimmed">
            <Moment at={event.at} /> · by <Actor actor={event.actor} />
            {withSubject && event.user && (
              <>
                {' · about '}
                <Person user={event.user} otherwise="an erased user" />
              </>
            )}
          </Text>
        </li>
      ))}
    </ol>
  );
}

function Changes({ changes }: { changes: ShownEventFragment['changes'] }) {
  return (
    <Table withRowBorders={false} verticalSpacing={2} w="auto">
      <Table.Tbody>
        {changes.map(({ field, from, to }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row">{word(field.replace(/[A-Z]/g, '_$&'))}</Table.Th>
            <Table.Td>
              <bdi>{from ? wordOrText(from) : '–'}</bdi> → <bdi>{to ? wordOrText(to) : '–'}</bdi>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
