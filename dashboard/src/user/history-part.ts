// The part of a user's history that is shown. It grows at both ends.

export interface HistoryPart<E> {
  /** The newest first. */
  events: readonly E[];
  /** The cursor that older ones come after; null where there are none. */
  next: string | null;
}

/** The newest events, followed by the older ones that are loaded. Older events are dropped when there may be a gap between both. */
export function joined<E extends { id: string }>(newest: HistoryPart<E>, known: HistoryPart<E>): HistoryPart<E> {
  const last = newest.events.at(-1);
  const index = known.events.findIndex((event) => event.id === last?.id);
  if (index < 0) return newest;
  return { events: [...newest.events, ...known.events.slice(index + 1)], next: known.next };
}
