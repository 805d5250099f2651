import { graphql } from '../gql';
import type { UserRowFragment } from '../gql/graphql';

/** What is shown of a user in the list, and what the dialogs need. */
export const UserRow = graphql(`
  fragment UserRow on User {
    id
    userId
    email
    name
    role
    status
    version
    createdAt
    lastActiveAt
    authMethods { id kind label }
    invitation { expiresAt delivery { state detail } }
    viewerCan {
      changeRole { ...Possible }
      changeAuthMethods { ...Possible }
      deactivate { ...Possible }
      activate { ...Possible }
      resendInvitation { ...Possible }
      revealInvitationLink { ...Possible }
      delete { ...Possible }
      erase { ...Possible }
    }
  }
`);

export const Possible = graphql(`
  fragment Possible on Possibility { allowed code message }
`);

export const Users = graphql(`
  query Users($first: Int, $after: String, $last: Int, $before: String, $filter: UserFilter, $orderBy: UserOrder, $asOf: AsOf) {
    users(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy, asOf: $asOf) {
      nodes { ...UserRow }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

/** How many users there are on all pages: counting is costly, so the list does not wait for it. */
export const UserCount = graphql(`
  query UserCount($filter: UserFilter, $asOf: AsOf) { users(first: 0, filter: $filter, asOf: $asOf) { count { count precision } } }
`);

/** The login methods that the account offers. */
export const OfferedMethods = graphql(`
  query OfferedMethods {
    viewer { account { id authMethods { id kind label } } }
  }
`);

export type User = UserRowFragment;
