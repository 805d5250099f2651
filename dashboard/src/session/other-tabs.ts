// All tabs of a browser share one session: when one signs out, the others learn it at once.
import { useEffect } from 'react';
import { useClient } from 'urql';
import { actingFor } from './acting-for';
import { checkSession } from './check';

const NAME = 'roster-session';

/** Tells the other tabs that the session has ended. */
export function announceSignOut(): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(NAME);
  channel.postMessage('signed out');
  channel.close();
}

/** Asks who is signed in whenever another tab has signed out, also in a tab that is not seen. */
export function useOtherTabs(): void {
  const client = useClient();
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return;
    const channel = new BroadcastChannel(NAME);
    channel.onmessage = () => actingFor() !== undefined && checkSession(client);
    return () => channel.close();
  }, [client]);
}
