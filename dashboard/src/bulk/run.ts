// Doing something to many: in parts, one after the other, so that one sees how far it has come and a broken connection costs one part.

/** What came, or would come, of one user. */
export interface Row {
  id: string;
  outcome: 'CHANGED' | 'UNCHANGED' | 'REFUSED';
  /** How the user is called. */
  name: string;
  /** Why it is refused; null if it is not. */
  reason: string | null;
}

/** How far it has come. */
export interface Progress<R extends Row> {
  rows: readonly R[];
  /** The ids that are still to be asked for. */
  left: readonly string[];
}

/** Nothing has been done yet. */
export function atFirst<R extends Row>(ids: readonly string[]): Progress<R> {
  return { rows: [], left: ids };
}

/**
 * Goes on until nothing is left. `send` answers null where a part broke or was refused as a whole: then what is returned can be gone on
 * with, and what is done already is not done twice.
 */
export async function goOn<R extends Row>(
  progress: Progress<R>,
  size: number,
  send: (ids: readonly string[]) => Promise<readonly R[] | null>,
  onProgress: (progress: Progress<R>) => void,
): Promise<Progress<R>> {
  let current = progress;
  while (current.left.length > 0) {
    const rows = await send(current.left.slice(0, size));
    if (!rows) return current;
    current = { rows: [...current.rows, ...rows], left: current.left.slice(size) };
    onProgress(current);
  }
  return current;
}

/** Those with an outcome. */
export function withOutcome<R extends Row>(rows: readonly R[], outcome: Row['outcome']): R[] {
  return rows.filter((row) => row.outcome === outcome);
}

/** The operations that have changed rows, the first one first. */
export function operationsOf(rows: readonly (Row & { operation: string | null })[]): string[] {
  return [...new Set(withOutcome(rows, 'CHANGED').flatMap(({ operation }) => operation ?? []))];
}

/** The refused, by the reason: the most frequent first. */
export function byReason<R extends Row>(rows: readonly R[]): { reason: string; rows: R[] }[] {
  const groups = new Map<string, R[]>();
  for (const row of withOutcome(rows, 'REFUSED')) {
    const reason = row.reason ?? '';
    groups.set(reason, [...(groups.get(reason) ?? []), row]);
  }
  return [...groups]
    .map(([reason, found]) => ({ reason, rows: found }))
    .sort((one, other) => other.rows.length - one.rows.length);
}
