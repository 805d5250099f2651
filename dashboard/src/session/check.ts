import type { Client } from 'urql';
import { ASKS_WHO } from '../api/session-exchange';
import { Session } from './documents';
import { sessionIsBack, sessionIsOver } from './standing';

/** Asks whether the person whom the page shows is signed in. Where not, the page says so. */
export async function checkSession(client: Client): Promise<boolean> {
  const { data, error } = await client.query(Session, {}, ASKS_WHO).toPromise();
  // The client has told what it means.
  if (error || !data) return false;
  if (!data.viewer) sessionIsOver();
  else sessionIsBack();
  return data.viewer !== null;
}
