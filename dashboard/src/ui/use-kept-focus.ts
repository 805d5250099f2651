import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the focus near where it was when the focused element goes, as a row does that was deleted: it moves to the container, or to the
 * content of the page where the container has gone, too.
 */
export function useKeptFocus(container: RefObject<HTMLElement | null>): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      if (target instanceof Element && container.current?.contains(target)) last.current = target;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [container]);
  useEffect(() => {
    if (!last.current || last.current.isConnected || document.activeElement !== document.body) return;
    last.current = null;
    (container.current ?? document.getElementById('content'))?.focus({ preventScroll: true });
  });
}
