import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useClient } from 'urql';
import { Loading } from '../ui/states';
import { actingFor } from './acting-for';
import { checkSession } from './check';
import { useStanding } from './standing';

const loadLost = () => import('./session-lost');
const SessionLost = lazy(loadLost);

/**
 * Shows what it holds for as long as the session of the page goes on. Otherwise it hides it, with everything that was typed, and asks to
 * sign in again, or says who else is signed in.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useClient();
  const standing = useStanding();
  const isOn = standing === 'on';
  useEffect(() => {
    // It is there when the server has been renewed, or does not answer.
    loadLost().catch(() => undefined);
    const look = () => {
      if (document.visibilityState === 'visible' && actingFor() !== undefined) checkSession(client);
    };
    document.addEventListener('visibilitychange', look);
    addEventListener('focus', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('focus', look);
    };
  }, [client]);
  useEffect(() => {
    // Dialogs and messages lie beside the page.
    document.documentElement.toggleAttribute('data-session-lost', !isOn);
    // A dialog that is hidden does not hear the Escape key.
    if (isOn) document.body.removeAttribute('data-mantine-stop-propagation');
    else document.body.setAttribute('data-mantine-stop-propagation', 'true');
  }, [isOn]);
  return (
    <>
      <div hidden={!isOn}>{children}</div>
      {standing !== 'on' && (
        <Suspense fallback={<Loading what="the page to sign in" />}>
          <SessionLost standing={standing} />
        </Suspense>
      )}
    </>
  );
}
