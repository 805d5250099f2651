import type { Client } from 'urql';
import { ASKS_WHO } from '../api/session-exchange';
import type { SessionQuery } from '../gql/graphql';
import { Session } from './documents';
import { sessionIsBack, sessionIsOver } from './session-state';

/** Asks whether the person whom the page shows is signed in, and returns who is. If no one is, the page says so. */
export async function checkSession(client: Client): Promise<SessionQuery['viewer']> {
  const { data, error } = await client.query(Session, {}, ASKS_WHO).toPromise();
  // The client has reported what the error means.
  if (error || !data) return null;
  if (!data.viewer) sessionIsOver();
  else sessionIsBack();
  return data.viewer;
}
