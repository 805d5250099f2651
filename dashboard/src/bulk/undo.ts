// Undoes changes: each is one event, or everything that one operation did. The server decides for each user, so what someone else has changed
// since then stays. Undoing the same again changes nothing.
import { plural, t } from '@lingui/core/macro';
import type { Client } from 'urql';
import { graphql } from '../gql';
import type { UndoTarget } from '../gql/graphql';
import { type Answer, answerOf } from './answer';
import { type Row, withOutcome } from './run';

const Undo = graphql(`
  mutation Undo($input: UndoInput!) {
    payload: undo(input: $input) { operationId results { ...ShownResult } userErrors { ...ShownError } }
  }
`);

/** Undoes one event or one operation; or says only what would come of it. */
export async function undo(client: Client, target: UndoTarget, dryRun: boolean): Promise<Answer> {
  return answerOf(await client.mutation(Undo, { input: { target, dryRun } }).toPromise());
}

/** Undoes several, the last one first. It stops where one breaks or is refused as a whole. */
export async function undoAll(client: Client, targets: readonly UndoTarget[]): Promise<Answer> {
  const rows: Answer['rows'] = [];
  for (const target of targets.toReversed()) {
    const answer = await undo(client, target, false);
    rows.push(...answer.rows);
    if (answer.problems.length > 0) return { rows, problems: answer.problems };
  }
  return { rows, problems: [] };
}

/** Why not all are as before; null if they are. */
export function notUndoneText({ rows, problems }: { rows: readonly Row[]; problems: Answer['problems'] }): string | null {
  const [problem] = problems;
  if (problem) {
    const { text } = problem;
    return t`Not everything could be undone. ${text} The audit log shows what was.`;
  }
  const refused = [...new Map(withOutcome(rows, 'REFUSED').map((row) => [row.id, row])).values()];
  const [first, ...others] = refused;
  if (!first) return null;
  const reason = first.reason ?? '';
  const { name } = first;
  if (others.length === 0) return t`${name} was not changed back. ${reason}`;
  return plural(others.length, {
    one: `${name} and # more were not changed back. ${reason}`,
    other: `${name} and # more were not changed back. ${reason}`,
  });
}
