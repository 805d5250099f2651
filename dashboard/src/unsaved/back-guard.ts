// Going back in history, where input would be lost. The browser has gone already when it says so: the page is put back in place while
// it is asked. Wouter must not see it before: this listens from the moment it is loaded.
import { useEffect } from 'react';
import { holdsUnsaved } from './unsaved';

let here = location.href;
let ask: ((go: () => void) => void) | null = null;

function record(): void {
  here = location.href;
}

function stay(event: PopStateEvent): void {
  if (!ask || !holdsUnsaved() || new URL(here).pathname === location.pathname) {
    record();
    return;
  }
  event.stopImmediatePropagation();
  history.pushState(null, '', here);
  ask(() => history.back());
}

addEventListener('popstate', stay, { capture: true });
// Wouter dispatches these.
addEventListener('pushState', record);
addEventListener('replaceState', record);

/** Lets `onBack` ask before the user goes back to another page and loses input. `onBack` gets the function that continues. */
export function useBackGuard(onBack: (go: () => void) => void): void {
  useEffect(() => {
    ask = onBack;
    return () => {
      ask = null;
    };
  }, [onBack]);
}
