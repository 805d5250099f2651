import { graphql } from '../gql';
import type { ShownEventFragment } from '../gql/graphql';

/** What is shown of an event. */
export const ShownEvent = graphql(`
  fragment ShownEvent on Event {
    id
    type
    at
    summary
    address
    requestId
    operationId
    undoesEventId
    undoesOperationId
    canUndo { ...Possible }
    actor { ...ShownActor }
    user { id email name }
    changes { field from to }
  }
`);

export type LogEvent = ShownEventFragment;

/** Whether an event took back an earlier change. */
export function isUndo({ undoesEventId, undoesOperationId }: LogEvent): boolean {
  return (undoesEventId ?? undoesOperationId ?? null) !== null;
}
