// The session of this page: `on`, `over`, or `changed` when another person is signed in than the page shows.
import { useSyncExternalStore } from 'react';
import { holdsInput } from '../unsaved/typed';
import { showsViewer } from './acting-for';
import { toSignIn } from './paths';

export type SessionState = 'on' | 'over' | 'changed';

let state: SessionState = 'on';
let returns = 0;
let isLeaving = false;
let focused: Element | null = null;
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  if (state === next || isLeaving) return;
  if (state === 'on') focused = document.activeElement;
  state = next;
  for (const listener of listeners) listener();
}

/** The session is over. The page goes to sign in; where something was typed, it stays, and asks to sign in again. */
export function sessionIsOver(): void {
  if (!showsViewer() || isLeaving) return;
  if (state !== 'on' || holdsInput()) become('over');
  else leaveTo(toSignIn(location.pathname + location.search));
}

/** Another person is signed in than the page shows. */
export function sessionHasChanged(): void {
  become('changed');
}

/** The person whom the page shows is signed in. */
export function sessionIsBack(): void {
  if (state === 'on') return;
  returns += 1;
  become('on');
  // What was hidden can take the focus again once it is shown.
  requestAnimationFrame(() => focused instanceof HTMLElement && focused.focus());
}

/** Leaves the page for another one, in place of this one in the history: from now on answers about the session are ignored. */
export function leaveTo(path: string): void {
  isLeaving = true;
  location.replace(path);
}

/** What is said of the session does not matter while the page itself ends it; the answer takes that back. */
export function endingSession(): () => void {
  isLeaving = true;
  return () => {
    isLeaving = false;
  };
}

/** Calls whenever the session has come back. */
export function whenBack(listener: () => void): void {
  let last = returns;
  subscribe(() => {
    if (returns === last) return;
    last = returns;
    listener();
  });
}

/** Whether the page shows itself. */
export function isOn(): boolean {
  return state === 'on';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSessionState(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}
