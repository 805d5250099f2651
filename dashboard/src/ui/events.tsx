import { Table, Text, Timeline } from '@mantine/core';
import { sentence } from '../api/problems';
import { graphql } from '../gql';
import type { ShownEventFragment } from '../gql/graphql';
import { Moment } from './time';
import { word } from './words';

/** What is shown of an event. */
export const ShownEvent = graphql(`
  fragment ShownEvent on Event {
    id
    type
    at
    summary
    actor { kind user { id email } }
    changes { field from to }
  }
`);

/** Events as a timeline: who did what and when, before and after. */
export function Events({ events }: { events: readonly ShownEventFragment[] }) {
  return (
    <Timeline bulletSize={12} lineWidth={2} active={-1}>
      {events.map((event) => (
        <Timeline.Item key={event.id} title={sentence(event.summary)}>
          <Text size="sm" c="dimmed">
            <Moment at={event.at} /> · {event.actor.user?.email ?? word(event.actor.kind)}
          </Text>
          {event.changes.length > 0 && <Changes changes={event.changes} />}
        </Timeline.Item>
      ))}
    </Timeline>
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
              {from ?? '–'} → {to ?? '–'}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
