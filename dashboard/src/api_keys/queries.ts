import { graphql } from '../gql';

/** What is shown of an API key. */
export const ShownKey = graphql(`
  fragment ShownKey on ApiKey { id name scopes createdAt expiresAt lastUsedAt revokedAt owner { id email } }
`);

export const OwnKeys = graphql(`
  query OwnKeys { viewer { user { id apiKeys { ...ShownKey } } } }
`);

/** The keys of all users. For admins. */
export const AllKeys = graphql(`
  query AllKeys($after: String, $includeEnded: Boolean!) {
    apiKeys(first: 50, after: $after, includeEnded: $includeEnded) {
      totalCount
      nodes { ...ShownKey }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const CreateApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    payload: createApiKey(input: $input) { token apiKey { id name } userErrors { ...ShownError } }
  }
`);

export const RevokeApiKey = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    payload: revokeApiKey(input: $input) { apiKey { id name } userErrors { ...ShownError } }
  }
`);
