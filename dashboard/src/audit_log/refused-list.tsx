import { t } from '@lingui/core/macro';
import { graphql } from '../gql';
import type { ShownAttemptFragment } from '../gql/graphql';
import { Actor } from '../ui/actor';
import { Person } from '../ui/person';
import { Table } from '../ui/table';
import { Moment } from '../ui/time';
import { operationWord, reasonWord } from './attempt-words';

/** What is shown of a refused attempt. */
export const ShownAttempt = graphql(`
  fragment ShownAttempt on RefusedAttempt { id at operation code summary address actor { ...ShownActor } user { id email } }
`);

/** Refused attempts, each with who tried what as whom, and from where. */
export function RefusedList({ attempts }: { attempts: readonly ShownAttemptFragment[] }) {
  return (
    <Table
      label={t`Refused attempts`}
      rows={attempts}
      columns={[
        { label: t`When`, width: 12, cell: ({ at }) => <Moment at={at} /> },
        { label: t`What`, cell: ({ operation, summary }) => <span title={summary}>{operationWord(operation)}</span> },
        { label: t`Why refused`, cell: ({ code }) => <span title={code}>{reasonWord(code)}</span> },
        { label: t`Tried by`, cell: ({ actor }) => <Actor actor={actor} /> },
        { label: t`User`, cell: ({ user }) => <Person user={user} otherwise="–" /> },
        { label: t`IP address`, width: 9, cell: ({ address }) => address ?? '–' },
      ]}
    />
  );
}
