import { useEffect, useState } from 'react';

/** For a dialog that is there only while it is open: when it goes, the focus goes back to what opened it. */
export function useFocusReturn(): void {
  const [opener] = useState(findOpener);
  useEffect(() => () => (opener?.isConnected ? opener : document.getElementById('content'))?.focus(), [opener]);
}

/** What has the focus now; where that is an entry of a menu, which is about to go, the button of the menu. */
function findOpener(): HTMLElement | null {
  const active = document.activeElement as HTMLElement | null;
  const menu = active?.closest('[role="menu"]');
  return menu ? document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) : active;
}
