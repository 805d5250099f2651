import { useEffect } from 'react';
import { useClient } from 'urql';
import { live } from '../api/live';
import { liveSource, mayFollow } from '../api/live-source';
import { useLive } from '../api/use-live';
import { Session } from '../session/documents';
import { useViewer } from '../session/session';

/** Starts the live updates of the page, and keeps the names in its frame new. */
export function useLiveUpdates(): void {
  const client = useClient();
  const { user } = useViewer();
  const isFollowing = mayFollow(user.role);
  useEffect(() => {
    if (isFollowing) live.start(liveSource(client));
    else live.turnOff();
  }, [client, isFollowing]);
  useLive(
    ({ kind, userId }) => kind === 'account' || (kind === 'user' && userId === user.id),
    () => client.query(Session, {}, { requestPolicy: 'network-only' }).toPromise(),
  );
}
