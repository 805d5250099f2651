/** How long the page has to show what was asked for, in milliseconds. Safari knows no idle time. */
const AFTER_MILLISECONDS = 3000;

/** Loads what may be needed when there is no connection: once the page has shown what was asked for, and does nothing else. */
export function whenIdle(load: () => void): void {
  setTimeout(() => ('requestIdleCallback' in globalThis ? requestIdleCallback(load) : load()), AFTER_MILLISECONDS);
}
