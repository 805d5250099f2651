import { useEffect, useState } from 'react';

/** Gives the focus back, once a dialog has gone, to what had it when the dialog came; of a menu, to the button that opens it. */
export function useFocusBack(): void {
  const [before] = useState(opener);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement === document.body) before?.focus({ preventScroll: true });
      });
    },
    [before],
  );
}

function opener(): HTMLElement | null {
  const active = document.activeElement;
  const menu = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const found = menu ? document.getElementById(menu) : active;
  return found instanceof HTMLElement ? found : null;
}
