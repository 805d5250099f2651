// Which users are selected: some by their ids, or all that a search and its filters find, with the count that was seen.

export type Selection = { kind: 'some'; ids: ReadonlySet<string> } | { kind: 'all'; count: number };

export const NOTHING: Selection = { kind: 'some', ids: new Set() };

/** Everything that is found. */
export function all(count: number): Selection {
  return { kind: 'all', count };
}

export function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === 'all' || selection.ids.has(id);
}

/** How many are selected. */
export function sizeOf(selection: Selection): number {
  return selection.kind === 'all' ? selection.count : selection.ids.size;
}

/** With some more, or some less. From all that are found, those of the page remain: the others are not known by their ids. */
export function changedBy(selection: Selection, page: readonly string[], ids: readonly string[], isOn: boolean): Selection {
  const next = new Set(selection.kind === 'all' ? page : selection.ids);
  for (const id of ids) {
    if (isOn) next.add(id);
    else next.delete(id);
  }
  return { kind: 'some', ids: next };
}

/** The ids of a page from one to another, both included, in either direction; the other alone if the first is not on the page. */
export function between(page: readonly string[], from: string | null, to: string): string[] {
  const [start, end] = [from === null ? -1 : page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < 0) return [to];
  return page.slice(Math.min(start, end), Math.max(start, end) + 1);
}
