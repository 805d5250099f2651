// Follows what happens in the account: one subscription for the whole page, which starts again from its last event whenever it ends.

/** An event, as pages need it to know whether it concerns them. */
export interface LiveEvent {
  /** The kind of its stream: `user`, `delivery`, `session`, `api_key`, `service_key`, `export` or `account`. */
  kind: string;
  /** The id of the user to whom it happened; null for events of the account, and for users whom the viewer may not see. */
  userId: string | null;
}

/** Why a subscription has ended. */
export type End =
  /** The connection broke, or could not be made. */
  | 'broken'
  /** The server refuses the session. */
  | 'refused'
  /** A restore of the server has taken back the event of the cursor. */
  | 'unknown-cursor';

/** Where events come from. */
export interface LiveSource {
  /** The cursor of the newest event; null when the server does not answer it. */
  newest(): Promise<string | null>;
  /** Follows the events after a cursor. Calls `onOpen` once the server follows, and ends with the reason. */
  follow(after: string, onOpen: () => void, onEvent: (cursor: string, event: LiveEvent) => void): Promise<End>;
  /** Waits until the viewer is signed in and may follow, after the server has refused it. */
  session(): Promise<void>;
  /** Waits before another try: longer after each failure. */
  pause(failures: number): Promise<void>;
}

/** `starting` until the first answer, `live` while events arrive, `interrupted` while they do not, `off` for viewers who may not follow. */
export type LiveState = 'starting' | 'live' | 'interrupted' | 'off';

/** Called with each event; with null when events may have been missed. */
export type LiveListener = (event: LiveEvent | null) => void;

// The first failure is hardly noticed: a server that restarts is back after a second.
const MAX_UNNOTICED_FAILURES = 1;

export class Live {
  #state: LiveState = 'starting';
  #isStarted = false;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<LiveListener>();

  get state(): LiveState {
    return this.#state;
  }

  /** Calls the watcher whenever the state changes. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Calls the listener for each event. */
  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The viewer may not follow events: pages load without them. */
  turnOff(): void {
    if (!this.#isStarted) this.#become('off');
  }

  /** Follows until the page is left. A second call does nothing. */
  async start(source: LiveSource): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    let cursor: string | null = null;
    let hasMissed = false;
    for (let failures = 0; ; ) {
      if (cursor === null) cursor = await source.newest();
      let end: End = 'broken';
      if (cursor !== null) {
        if (hasMissed) this.#publish(null);
        hasMissed = false;
        if (this.#state === 'starting' || this.#state === 'off') this.#become('live');
        end = await source.follow(
          cursor,
          () => {
            failures = 0;
            this.#become('live');
          },
          (next, event) => {
            cursor = next;
            this.#publish(event);
          },
        );
      } else {
        hasMissed = true;
      }
      if (end === 'unknown-cursor') {
        cursor = null;
        hasMissed = true;
      }
      failures += 1;
      if (failures > MAX_UNNOTICED_FAILURES || cursor === null) this.#become('interrupted');
      if (end === 'refused') await source.session();
      await source.pause(failures);
    }
  }

  #publish(event: LiveEvent | null): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #become(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The live updates of this page. */
export const live = new Live();
