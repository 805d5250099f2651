// The part of somebody's history that is shown: it grows at both ends.

export interface HistoryPart<E> {
  /** The newest first. */
  events: readonly E[];
  /** The cursor that older ones come after; null where there are none. */
  next: string | null;
}

/** What was asked for anew, followed by older ones that are known; these are dropped where it is not known that they follow. */
export function joined<E extends { id: string }>(newest: HistoryPart<E>, known: HistoryPart<E>): HistoryPart<E> {
  const last = newest.events.at(-1);
  const place = known.events.findIndex((event) => event.id === last?.id);
  if (place < 0) return newest;
  return { events: [...newest.events, ...known.events.slice(place + 1)], next: known.next };
}
