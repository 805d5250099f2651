// How the columns of a table share its width: each as wide as it should be, and where there is less room, none narrower than its content needs.

/** In rem. A column without a width takes what is left. */
export interface Sized {
  width?: number | undefined;
  /** Where its content still stands well: it never shrinks further. Without it, it never shrinks. */
  min?: number | undefined;
}

/** In rem: what columns with a width leave for the one without, and for boxes. */
export const LEFT_FOR_OTHERS = 17;

/** The share of what has to be saved, or is left, that concerns a column: by how much it can shrink, of how much all can. */
function shareOf(column: Sized, columns: readonly Sized[]): number {
  const all = columns.reduce((total, one) => total + slackOf(one), 0);
  return all > 0 ? slackOf(column) / all : 0;
}

function slackOf({ width = 0, min = width }: Sized): number {
  return Math.max(width - min, 0);
}

function leastOf({ width = 0, min = width }: Sized): number {
  return Math.min(width, min);
}

function leastOfAll(columns: readonly Sized[]): number {
  return columns.reduce((total, one) => total + leastOf(one), 0);
}

/** The width of a column in a table that is so wide; all in rem. */
export function widthIn(table: number, column: Sized, columns: readonly Sized[]): number {
  const spare = table - LEFT_FOR_OTHERS - leastOfAll(columns);
  const width = leastOf(column) + spare * shareOf(column, columns);
  return Math.min(Math.max(width, leastOf(column)), column.width ?? 0);
}

/** The same in CSS, where the table fills its container. */
export function cssWidth(column: Sized, columns: readonly Sized[]): string {
  const least = leastOf(column);
  const share = shareOf(column, columns);
  if (share === 0) return `${column.width}rem`;
  const taken = LEFT_FOR_OTHERS + leastOfAll(columns);
  return `clamp(${least}rem, ${least}rem + (100cqi - ${taken}rem) * ${share}, ${column.width}rem)`;
}

/** How wide a column can be made: what the others leave in a table that is so wide; all in rem. */
export function remainsFor(table: number, column: Sized, columns: readonly Sized[]): number {
  const others = columns.reduce((total, one) => total + (one === column ? 0 : (one.width ?? 0)), 0);
  return Math.max(table - LEFT_FOR_OTHERS - others, column.min ?? 0);
}
