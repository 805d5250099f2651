// Going back in history, where input would be lost. The browser has gone already when it says so: the page is put back in place while
// it is asked. Wouter must not hear of it before: this listens from the moment on that it is loaded.
import { useEffect } from 'react';
import { holdsUnsaved } from './unsaved';

let here = location.href;
let ask: ((go: () => void) => void) | null = null;

function remember(): void {
  here = location.href;
}

function stay(event: PopStateEvent): void {
  if (!ask || !holdsUnsaved() || new URL(here).pathname === location.pathname) {
    remember();
    return;
  }
  event.stopImmediatePropagation();
  history.pushState(null, '', here);
  ask(() => history.back());
}

addEventListener('popstate', stay, { capture: true });
// Wouter tells of these.
addEventListener('pushState', remember);
addEventListener('replaceState', remember);

/** Lets `onBack` ask before somebody goes back to another page and loses input; it is given the way to go on. */
export function useBackGuard(onBack: (go: () => void) => void): void {
  useEffect(() => {
    ask = onBack;
    return () => {
      ask = null;
    };
  }, [onBack]);
}
