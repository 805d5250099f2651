// What a mutation of many users answers, as rows.
import { t } from '@lingui/core/macro';
import type { CombinedError } from 'urql';
import { codeOf, type Problem, problemOf, problemsOf, type UserError } from '../api/problems';
import type { ShownResultFragment } from '../gql/graphql';
import type { Row } from './run';

/** A row with the operation that changed the user, so that it can be undone; null before that. */
export interface BulkRow extends Row {
  operation: string | null;
}

export interface Answer {
  rows: BulkRow[];
  problems: Problem[];
}

interface Payload {
  operationId?: string | null;
  results: readonly ShownResultFragment[];
  userErrors: readonly UserError[];
}

/** The rows of an answer; the problems if it was refused as a whole, or did not come. */
export function answerOf({ data, error }: { data?: { payload: Payload }; error?: CombinedError }): Answer {
  if (error) return { rows: [], problems: [{ ...problemOf(error), code: codeOf(error) }] };
  const operation = data?.payload.operationId ?? null;
  return {
    rows: (data?.payload.results ?? []).map((result) => ({ ...rowOf(result), operation })),
    problems: problemsOf(data?.payload.userErrors ?? []),
  };
}

function rowOf({ userId, outcome, user, userErrors }: ShownResultFragment): Row {
  const [error] = problemsOf(userErrors);
  return {
    id: user?.id ?? userId,
    outcome,
    name: user?.name ?? user?.email ?? t`A deleted user`,
    reason: error?.text ?? null,
  };
}
