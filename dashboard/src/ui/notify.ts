// One message at a time, at the bottom left: what was done, or what went wrong. The next one replaces it.
import { useSyncExternalStore } from 'react';

const DONE_MILLISECONDS = 6000;
const WITH_ACTION_MILLISECONDS = 12_000;

/** What can be done about a message, such as "Undo" or "Copy link". */
export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  text: string;
  isProblem: boolean;
  action: ToastAction | null;
  /** How long it stays, in milliseconds; null: until it is closed. */
  stays: number | null;
}

let shown: Toast | null = null;
let count = 0;
const listeners = new Set<() => void>();

function show(toast: Omit<Toast, 'id'> | null): void {
  count += 1;
  shown = toast && { id: count, ...toast };
  for (const listener of [...listeners]) listener();
}

/** Says what was done, and offers one thing to do about it. */
export function notifyDone(text: string, action: ToastAction | null = null): void {
  show({ text, isProblem: false, action, stays: action ? WITH_ACTION_MILLISECONDS : DONE_MILLISECONDS });
}

/** Says that something was not done, until it is closed. */
export function notifyProblem(text: string, action: ToastAction | null = null): void {
  show({ text, isProblem: true, action, stays: null });
}

/** Closes a message, unless another has replaced it. */
export function closeToast(id: number): void {
  if (shown?.id === id) show(null);
}

/** The message to show. */
export function useToast(): Toast | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
