import { notifications } from '@mantine/notifications';

const DONE_MILLISECONDS = 6000;

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green', autoClose: DONE_MILLISECONDS });
}

/** Says that something was not done, until it is closed. */
export function notifyProblem(message: string): void {
  notifications.show({ message, color: 'red', autoClose: false });
}
