import { graphql } from '../gql';

/** What is shown of an API key. */
export const ShownKey = graphql(`
  fragment ShownKey on ApiKey { id name scopes createdAt expiresAt lastUsedAt revokedAt owner { id email } }
`);

export const OwnKeys = graphql(`
  query OwnKeys { viewer { user { id apiKeys { ...ShownKey } } } }
`);

/** The API keys of all users. For admins. */
export const AllKeys = graphql(`
  query AllKeys($after: String, $includeEnded: Boolean!) {
    keys: apiKeys(first: 50, after: $after, includeEnded: $includeEnded) {
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

/** What is shown of a service key. */
export const ShownServiceKey = graphql(`
  fragment ShownServiceKey on ServiceKey { id name scopes createdAt expiresAt lastUsedAt revokedAt }
`);

export const ServiceKeys = graphql(`
  query ServiceKeys($after: String, $includeEnded: Boolean!) {
    keys: serviceKeys(first: 50, after: $after, includeEnded: $includeEnded) {
      nodes { ...ShownServiceKey }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const CreateServiceKey = graphql(`
  mutation CreateServiceKey($input: CreateServiceKeyInput!) {
    payload: createServiceKey(input: $input) { token serviceKey { id name } userErrors { ...ShownError } }
  }
`);

export const RevokeServiceKey = graphql(`
  mutation RevokeServiceKey($input: RevokeServiceKeyInput!) {
    payload: revokeServiceKey(input: $input) { serviceKey { id name } userErrors { ...ShownError } }
  }
`);
