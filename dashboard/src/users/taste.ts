// How someone likes the list to look. The browser stores it; without a storage it holds until the page is loaded again.
import { useLocalStorage } from '@mantine/hooks';
import { COLUMNS, type ColumnId, HIDEABLE, type ListColumn } from './columns';

export interface Taste {
  hidden: ColumnId[];
  isCompact: boolean;
  /** The columns after the first, in their order; those that are not named come last. */
  order: ColumnId[];
  /** Widths in rem, where they were changed. */
  widths: Partial<Record<ColumnId, number>>;
}

/** What a view says of it. */
export type ViewTaste = Pick<Taste, 'hidden' | 'isCompact'>;

export const MAX_WIDTH = 30;
const START: Taste = { hidden: [], isCompact: false, order: [], widths: {} };

export function useTaste(): [Taste, (taste: Taste) => void] {
  const [taste, setTaste] = useLocalStorage<Taste>({
    key: 'roster-list',
    defaultValue: START,
    getInitialValueInEffect: false,
    deserialize: readTaste,
  });
  return [taste, setTaste];
}

/** Reads what was stored, perhaps by another version. */
export function readTaste(text: string | undefined): Taste {
  try {
    const { hidden, isCompact, order, widths } = JSON.parse(text ?? '') as Partial<Taste>;
    const isKnown = (id: ColumnId) => HIDEABLE.some((column) => column.id === id);
    const known = HIDEABLE.flatMap(({ id, min = 0 }) => {
      const width = Number(widths?.[id]);
      return width ? [[id, Math.min(Math.max(width, min), MAX_WIDTH)]] : [];
    });
    return {
      hidden: HIDEABLE.flatMap(({ id }) => (hidden?.includes(id) ? [id] : [])),
      isCompact: isCompact === true,
      order: Array.isArray(order) ? [...new Set(order.filter(isKnown))] : [],
      widths: Object.fromEntries(known),
    };
  } catch {
    return START;
  }
}

/** The columns that can be hidden, in their order. */
export function orderedColumns({ order }: Pick<Taste, 'order'>): ListColumn[] {
  const rank = (id: ColumnId) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...HIDEABLE].sort((a, b) => rank(a.id) - rank(b.id));
}

/** All columns that are shown, as they are shown. */
export function shownColumns(taste: Taste): ListColumn[] {
  const first = COLUMNS.filter((column) => !HIDEABLE.includes(column));
  const others = orderedColumns(taste).filter(({ id }) => !taste.hidden.includes(id));
  return [...first, ...others.map((column) => ({ ...column, width: taste.widths[column.id] ?? column.width }))];
}

/** With a column one place further to the start (-1) or the end (1). */
export function moved(taste: Taste, id: ColumnId, by: -1 | 1): Taste {
  const order = orderedColumns(taste).map((column) => column.id);
  const from = order.indexOf(id);
  const to = from + by;
  if (to < 0 || to >= order.length) return taste;
  order.splice(from, 1);
  order.splice(to, 0, id);
  return { ...taste, order };
}
