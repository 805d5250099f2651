// The one table of the dashboard. Its layout is fixed: no content can widen a column. Where its container is narrow, each row is a card;
// the roles keep it a table for screen readers.
import { t } from '@lingui/core/macro';
import { Checkbox } from '@mantine/core';
import { type ChangeEvent, type MouseEvent, memo, type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { Edge } from './column-edge';
import { cssWidth, remainsFor } from './column-widths';
import { DownIcon, UpIcon } from './icons';
import classes from './table.module.css';

export interface Column<R> {
  label: string;
  /** Its name in the styles and the settings: the label, unless another is given. */
  id?: string;
  /** In rem. A column without a width takes what is left. */
  width?: number | undefined;
  /** In rem: how far it shrinks where there is less room, and how narrow it can be made; not at all, unless it is given. */
  min?: number | undefined;
  /** What the table can be ordered by in this column. */
  order?: string;
  /** `head`: the first line of a card. `end`: in the corner of a card, with a head for screen readers only. */
  place?: 'head' | 'end';
  cell: (row: R) => ReactNode;
}

export interface Order {
  by: string;
  isUp: boolean;
  onChange: (by: string, isUp: boolean) => void;
}

export interface RowSelection<R> {
  has: (row: R) => boolean;
  /** What the checkbox of a row is called. */
  label: (row: R) => string;
  /** `isRange`: from the last row that was selected to this one. */
  onSelect: (row: R, isSelected: boolean, isRange: boolean) => void;
  onSelectPage: (isSelected: boolean) => void;
}

/** Columns with a width can be resized: by their edge, with the pointer or the arrow keys. */
export interface Resizing {
  /** In rem. */
  max: number;
  /** Null: as it was at first. */
  onResize: (id: string, width: number | null) => void;
}

interface Props<R> {
  /** What is in it, for screen readers. */
  label: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  order?: Order | undefined;
  selection?: RowSelection<R> | undefined;
  resizing?: Resizing | undefined;
  /** Where a row leads: a click anywhere in it goes there. The row must also contain the link itself. */
  pathOf?: ((row: R) => string) | undefined;
  isCompact?: boolean;
  /** In rem: where there is less room, rows are cards. */
  cardsBelow?: number;
}

/** A table. Rows are 52 pixels high, 36 if it is compact. */
export function Table<R extends { id: string }>({
  label,
  columns,
  rows,
  order,
  selection,
  resizing,
  pathOf,
  isCompact = false,
  cardsBelow = 40,
}: Props<R>) {
  const [, go] = useLocation();
  const container = useRef<HTMLDivElement>(null);
  useCards(container, cardsBelow);
  const selected = selection ? rows.filter(selection.has).length : 0;
  const pageBox = selection && {
    'aria-label': t`Select all on this page`,
    checked: selected > 0 && selected === rows.length,
    indeterminate: selected > 0 && selected < rows.length,
    onChange: (event: ChangeEvent<HTMLInputElement>) => selection.onSelectPage(event.currentTarget.checked),
  };
  const follow = (event: MouseEvent<HTMLTableRowElement>, row: R) => {
    if (!pathOf || (event.target as Element).closest('a, button, input, label, [role="menu"], [role="dialog"]')) return;
    if (getSelection()?.toString()) return;
    if (event.ctrlKey || event.metaKey) window.open(pathOf(row), '_blank', 'noopener');
    else go(pathOf(row));
  };
  return (
    <div ref={container} className={classes.container} data-density={isCompact ? 'compact' : undefined}>
      {pageBox && <Checkbox size="xs" className={classes.pageBox} label={pageBox['aria-label']} {...pageBox} />}
      <table role="table" className={classes.table} aria-label={label}>
        <colgroup>
          {selection && <col className={classes.checks} />}
          {columns.map((column) => (
            <col key={column.label} style={column.width ? { width: cssWidth(column, columns) } : {}} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          <tr role="row">
            {selection && (
              <th role="columnheader" scope="col" className={classes.check}>
                <Checkbox size="xs" {...pageBox} />
              </th>
            )}
            {columns.map((column) => (
              <Head
                key={column.id ?? column.label}
                column={column}
                order={order}
                resizing={resizing}
                remains={(table) => remainsFor(table, column, columns)}
              />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => {
            const isSelected = selection?.has(row);
            return (
              // The row contains the link, which the keyboard reaches.
              <tr
                role="row"
                key={row.id}
                data-id={row.id}
                data-link={pathOf ? true : undefined}
                data-selected={isSelected || undefined}
                onClick={(event) => follow(event, row)}
              >
                {selection && (
                  <td role="cell" className={classes.check}>
                    <Checkbox
                      size="xs"
                      aria-label={selection.label(row)}
                      checked={isSelected ?? false}
                      onChange={(event) =>
                        selection.onSelect(
                          row,
                          event.currentTarget.checked,
                          (event.nativeEvent as globalThis.MouseEvent).shiftKey,
                        )
                      }
                    />
                  </td>
                )}
                {columns.map(({ id, label, place, cell }) => (
                  <td role="cell" key={label} data-label={label} data-column={id ?? label} data-place={place}>
                    <div className={classes.content}>{cell(row)}</div>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Marks the container while it is narrower than so many rem. */
function useCards(container: RefObject<HTMLElement | null>, below: number): void {
  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      element.toggleAttribute('data-cards', element.clientWidth < below * rem);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [container, below]);
}

interface HeadProps<R> {
  column: Column<R>;
  order: Order | undefined;
  resizing: Resizing | undefined;
  /** What the other columns leave for it in a table that is so wide; in rem. */
  remains: (table: number) => number;
}

function Head<R>({ column, order, resizing, remains }: HeadProps<R>) {
  const { id, label, order: by, place, width, min = width } = column;
  const edge = resizing && id && width !== undefined && min !== undefined && place !== 'end' && (
    <Edge id={id} label={label} width={width} min={min} remains={remains} {...resizing} />
  );
  if (!order || by === undefined) {
    return (
      <th role="columnheader" scope="col" data-place={place}>
        {place === 'end' ? <span className={classes.hidden}>{label}</span> : label}
        {edge}
      </th>
    );
  }
  const isOrdered = order.by === by;
  return (
    <th role="columnheader" scope="col" aria-sort={isOrdered ? (order.isUp ? 'ascending' : 'descending') : 'none'}>
      <button type="button" className={classes.order} onClick={() => order.onChange(by, !(isOrdered && order.isUp))}>
        {label}
        <span className={classes.arrow} data-shown={isOrdered || undefined}>
          {isOrdered && !order.isUp ? <DownIcon size={14} /> : <UpIcon size={14} />}
        </span>
      </button>
      {edge}
    </th>
  );
}

const WIDTHS = ['60%', '45%', '70%', '50%', '65%', '40%', '55%', '50%'];

/** A table whose rows are on their way: gray bars in their place, so that nothing jumps. */
export const TableSkeleton = memo(function TableSkeleton({ text, rows = 8 }: { text: string; rows?: number }) {
  return (
    <div className={classes.container} role="status">
      <span className={classes.hidden}>{text}</span>
      <div className={classes.table} aria-hidden="true">
        {Array.from({ length: rows + 1 }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change
          <div key={row} className={classes.bars}>
            <span className={classes.circle} />
            <span className={classes.bar} style={{ maxWidth: WIDTHS[row % WIDTHS.length] }} />
          </div>
        ))}
      </div>
    </div>
  );
});
