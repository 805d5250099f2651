import { graphql } from '../gql';

/** What is shown of one user in a result. */
export const ShownResult = graphql(`
  fragment ShownResult on UserResult {
    userId
    outcome
    user { id email name }
    userErrors { ...ShownError }
  }
`);

export const UpdateUsers = graphql(`
  mutation UpdateUsers($input: UpdateUsersInput!) {
    payload: updateUsers(input: $input) { operationId results { ...ShownResult } userErrors { ...ShownError } }
  }
`);

export const ResendInvitations = graphql(`
  mutation ResendInvitations($input: ResendInvitationsInput!) {
    payload: resendInvitations(input: $input) { results { ...ShownResult } userErrors { ...ShownError } }
  }
`);

export const DeleteUsers = graphql(`
  mutation DeleteUsers($input: DeleteUsersInput!) {
    payload: deleteUsers(input: $input) { results { ...ShownResult } userErrors { ...ShownError } }
  }
`);

/** The ids of users on a page: for a selection that is larger than one request may be. */
export const UserIds = graphql(`
  query UserIds($first: Int!, $after: String, $filter: UserFilter) {
    users(first: $first, after: $after, filter: $filter) { nodes { id } pageInfo { hasNextPage endCursor } }
  }
`);
