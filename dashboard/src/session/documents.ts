// What is asked about the session, and how one signs in.
import { graphql } from '../gql';

/** Whom the page shows. */
export const Session = graphql(`
  query Session {
    viewer {
      actingFor
      user { id email name role }
      account { id name slug }
    }
  }
`);

/** Who is signed in, whether or not the page shows them. */
export const WhoIsSignedIn = graphql(`
  query WhoIsSignedIn {
    viewer { actingFor user { id email name } account { id name } }
  }
`);

/** The ways to sign in to an account, or to this server. */
export const SignInOptions = graphql(`
  query SignInOptions($account: String) { signInOptions(account: $account) { id kind label url } }
`);

/** Signs in with a password. */
export const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    payload: signIn(input: $input) { viewer { user { id } } userErrors { ...ShownError } }
  }
`);
