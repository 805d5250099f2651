// How this page stands with the session of the browser: `on`, `over`, or `changed` when somebody else is signed in than the page shows.
import { useSyncExternalStore } from 'react';
import { holdsInput } from '../unsaved/typed';
import { showsSomebody } from './acting-for';
import { toSignIn } from './paths';

export type Standing = 'on' | 'over' | 'changed';

let standing: Standing = 'on';
let returns = 0;
let isLeaving = false;
let focused: Element | null = null;
const listeners = new Set<() => void>();

function become(next: Standing): void {
  if (standing === next || isLeaving) return;
  if (standing === 'on') focused = document.activeElement;
  standing = next;
  for (const listener of listeners) listener();
}

/** The session is over. The page goes to sign in; where something was typed, it stays, and asks to sign in again. */
export function sessionIsOver(): void {
  if (!showsSomebody() || isLeaving) return;
  if (standing !== 'on' || holdsInput()) become('over');
  else leaveTo(toSignIn(location.pathname + location.search));
}

/** Somebody else is signed in than the page shows. */
export function sessionHasChanged(): void {
  become('changed');
}

/** The person whom the page shows is signed in. */
export function sessionIsBack(): void {
  if (standing === 'on') return;
  returns += 1;
  become('on');
  // What was hidden can take the focus again once it is shown.
  requestAnimationFrame(() => focused instanceof HTMLElement && focused.focus());
}

/** Leaves the page for another one, in place of this one in the history: from now on nothing that is said of the session matters. */
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
  return standing === 'on';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useStanding(): Standing {
  return useSyncExternalStore(subscribe, () => standing);
}

/** How often the session has come back: what was closed with the session begins again with each. */
export function useReturns(): number {
  return useSyncExternalStore(subscribe, () => returns);
}
