import { Table } from '@mantine/core';
import { graphql } from '../gql';
import type { ShownAttemptFragment } from '../gql/graphql';
import { Actor } from '../ui/actor';
import { Person } from '../ui/person';
import { Moment } from '../ui/time';
import classes from './refused-list.module.css';

/** What is shown of a refused attempt. */
export const ShownAttempt = graphql(`
  fragment ShownAttempt on RefusedAttempt { id at code summary address actor { ...ShownActor } user { id email } }
`);

const COLUMNS = [
  { label: 'When', width: classes.when },
  { label: 'What' },
  { label: 'Tried by' },
  { label: 'User' },
  { label: 'IP address', width: classes.address },
];

/** Refused attempts in a table. On narrow screens each row is a card; the roles keep it a table for screen readers. */
export function RefusedList({ attempts }: { attempts: readonly ShownAttemptFragment[] }) {
  return (
    <Table role="table" className={classes.table}>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {COLUMNS.map(({ label, width }) => (
            <Table.Th key={label} role="columnheader" scope="col" className={width ?? ''}>
              {label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {attempts.map((attempt) => (
          <Table.Tr key={attempt.id} role="row">
            <Table.Td role="cell" data-label="When">
              <Moment at={attempt.at} />
            </Table.Td>
            <Table.Td role="cell" data-label="What">
              <span title={attempt.code}>{attempt.summary}</span>
            </Table.Td>
            <Table.Td role="cell" data-label="Tried by">
              <span>
                <Actor actor={attempt.actor} />
              </span>
            </Table.Td>
            <Table.Td role="cell" data-label="User">
              <Person user={attempt.user} otherwise="–" />
            </Table.Td>
            <Table.Td role="cell" data-label="IP address">
              {attempt.address ?? '–'}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
