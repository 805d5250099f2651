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
    actor { ...ShownActor }
    user { id email name }
    changes { field from to }
  }
`);

export type LogEvent = ShownEventFragment;
