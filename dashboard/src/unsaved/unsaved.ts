// Which forms of the page hold input that is not saved. Leaving the page asks first, as long as there is one.
import { useEffect, useId } from 'react';

const forms = new Set<string>();

/** Whether some form holds input that would be lost. */
export function holdsUnsaved(): boolean {
  return forms.size > 0;
}

/** Discards all unsaved input: the user has decided so. */
export function discardUnsaved(): void {
  forms.clear();
}

/** Loads what asks; from the first change on, so that it is there when the connection is not. */
export function loadQuestion() {
  return import('./loss-dialog');
}

/** Says of a form, for as long as it shows, whether it holds input that is not saved. */
export function useUnsaved(isChanged: boolean): void {
  const id = useId();
  useEffect(() => {
    if (!isChanged) return;
    forms.add(id);
    loadQuestion().catch(() => undefined);
    addEventListener('beforeunload', askBrowser);
    return () => {
      forms.delete(id);
      if (forms.size === 0) removeEventListener('beforeunload', askBrowser);
    };
  }, [id, isChanged]);
}

/** Closing the tab or loading another page: the browser asks in its own words. */
function askBrowser(event: BeforeUnloadEvent): void {
  if (holdsUnsaved()) event.preventDefault();
}
