import { useEffect } from 'react';
import { useClient } from 'urql';
import { live } from '../api/live';
import { liveSource, mayFollow } from '../api/live-source';
import { useLive, useLiveState } from '../api/use-live';
import { Session } from '../session/documents';
import { useViewer } from '../session/session';
import classes from './shell.module.css';

/** Starts the live updates of the page, keeps the names in its head new, and says when the page is no longer up to date. */
export function LiveUpdates() {
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
  const isInterrupted = useLiveState() === 'interrupted' && isFollowing;
  return (
    <div role="status">
      {isInterrupted && (
        <div className={classes.offline}>
          Live updates are interrupted. What you see may be old. The page reconnects by itself and then shows the changes.
        </div>
      )}
    </div>
  );
}
