import { usePolling } from '../api/use-polling';
import type { User } from './queries';

const ASK_MILLISECONDS = 3000;

/** Calls `onLook` again and again while the mail of somebody shown waits: what becomes of a mail is no event that can be followed. */
export function useMailWatch(users: readonly User[], onLook: () => void): void {
  usePolling(
    users.some((user) => user.invitation?.delivery.state === 'WAITING'),
    ASK_MILLISECONDS,
    onLook,
  );
}
