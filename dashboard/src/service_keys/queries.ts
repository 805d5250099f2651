import { graphql } from '../gql';

/** What is shown of a service key. */
export const ShownServiceKey = graphql(`
  fragment ShownServiceKey on ServiceKey { id name scopes createdAt expiresAt lastUsedAt revokedAt }
`);

export const ServiceKeys = graphql(`
  query ServiceKeys($after: String, $includeEnded: Boolean!) {
    serviceKeys(first: 50, after: $after, includeEnded: $includeEnded) {
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
