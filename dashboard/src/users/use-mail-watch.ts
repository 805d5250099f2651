import { useEffect, useRef } from 'react';
import type { User } from './queries';

const ASK_MILLISECONDS = 3000;

/** Calls `onLook` again and again while the mail of somebody shown waits: what becomes of a mail is no event that can be followed. */
export function useMailWatch(users: readonly User[], onLook: () => void): void {
  const latest = useRef(onLook);
  latest.current = onLook;
  const isWaiting = users.some((user) => user.invitation?.delivery.state === 'WAITING');
  useEffect(() => {
    if (!isWaiting) return;
    const asking = setInterval(() => latest.current(), ASK_MILLISECONDS);
    return () => clearInterval(asking);
  }, [isWaiting]);
}
