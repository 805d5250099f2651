import { msg } from '@lingui/core/macro';
import { type ReactNode, useEffect } from 'react';
import { useClient } from 'urql';
import { lazyPart } from '../ui/lazy-part';
import { Loading } from '../ui/states';
import { whenIdle } from '../ui/when-idle';
import { actingFor } from './acting-for';
import { checkSession } from './check';
import { useOtherTabs } from './other-tabs';
import { useSessionState } from './session-state';

const SessionLost = lazyPart(() => import('./session-lost'), { waiting: <Loading text={msg`Loading the page to sign in …`} /> });

/**
 * Shows what it holds for as long as the session of the page goes on. Otherwise it hides it, with everything that was typed, and asks to
 * sign in again, or says who else is signed in.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useClient();
  const state = useSessionState();
  const isOn = state === 'on';
  useOtherTabs();
  useEffect(() => {
    // It is there when the server has been renewed, or does not answer.
    whenIdle(SessionLost.load);
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
    // Dialogs and messages are outside of the page.
    document.documentElement.toggleAttribute('data-session-lost', !isOn);
    // A hidden dialog does not get the Escape key.
    if (isOn) document.body.removeAttribute('data-mantine-stop-propagation');
    else document.body.setAttribute('data-mantine-stop-propagation', 'true');
  }, [isOn]);
  return (
    <>
      <div hidden={!isOn}>{children}</div>
      {state !== 'on' && <SessionLost state={state} />}
    </>
  );
}
