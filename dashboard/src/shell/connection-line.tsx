import { i18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useConnection } from '../api/connection';
import { mayFollow } from '../api/live-source';
import { useLiveState } from '../api/use-live';
import { useViewer } from '../session/session';
import classes from './shell.module.css';

const TEXTS = {
  offline: msg`You are offline. What you see may be old. It is updated when you are back online.`,
  down: msg`The server cannot be reached. Trying again by itself: what you see may be old, and nothing you typed is lost.`,
  interrupted: msg`Live updates are interrupted. What you see may be old. The page reconnects by itself and then shows the changes.`,
};

/** Says why what is shown may be old, for as long as it may. */
export function ConnectionLine() {
  const { user } = useViewer();
  const connection = useConnection();
  const isInterrupted = useLiveState() === 'interrupted' && mayFollow(user.role);
  const problem = connection !== 'up' ? connection : isInterrupted ? 'interrupted' : null;
  return (
    <div role="status" data-screen-only>
      {problem && <div className={classes.connection}>{i18n._(TEXTS[problem])}</div>}
    </div>
  );
}
