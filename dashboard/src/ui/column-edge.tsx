import { t } from '@lingui/core/macro';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { Resizing } from './table';
import classes from './table.module.css';

const STEP_REM = 0.5;

interface Props extends Resizing {
  id: string;
  label: string;
  /** In rem. */
  width: number;
  min: number;
  /** What the other columns leave for it in a table that is so wide; in rem. */
  remains: (table: number) => number;
}

/** The edge where a column starts. It is drawn, or moved with the arrow keys; a double click or Delete resets the column. */
export function Edge({ id, label, width, min, max, remains, onResize }: Props) {
  const drawn = useRef<{ x: number; from: number; to: number } | null>(null);
  const toStart = () => (document.documentElement.dir === 'rtl' ? 1 : -1);
  const within = (to: number, edge: HTMLElement, most: number) =>
    Math.max(Math.min(to, Math.max(most, remains((edge.closest('table')?.offsetWidth ?? 0) / rem())), max), min);
  // A window that is narrow now takes nothing from the width of a column.
  const step = (by: number, edge: HTMLElement) => onResize(id, within(width + by, edge, width));
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const wider = toStart() < 0 ? 'ArrowLeft' : 'ArrowRight';
    const narrower = toStart() < 0 ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === wider) step(STEP_REM, event.currentTarget);
    else if (event.key === narrower) step(-STEP_REM, event.currentTarget);
    else if (event.key === 'Delete') onResize(id, null);
    else return;
    event.preventDefault();
  };
  const take = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    // What is seen can be narrower than what was asked for.
    const from = (event.currentTarget.parentElement?.offsetWidth ?? 0) / rem();
    drawn.current = { x: event.clientX, from, to: from };
  };
  const draw = (event: PointerEvent<HTMLElement>) => {
    if (!drawn.current) return;
    const to = drawn.current.from + (toStart() * (event.clientX - drawn.current.x)) / rem();
    drawn.current.to = within(to, event.currentTarget, drawn.current.from);
    const head = event.currentTarget.closest('th');
    const column = head?.closest('table')?.querySelectorAll('col')[head.cellIndex];
    // Until it is let go, no row is rendered again.
    if (column) column.style.width = `${drawn.current.to}rem`;
  };
  const drop = () => {
    const end = drawn.current;
    drawn.current = null;
    if (end && end.to !== end.from) onResize(id, end.to);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of text has no focus
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={t`Width of the column ${label}`}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={classes.edge}
      onKeyDown={press}
      onPointerDown={take}
      onPointerMove={draw}
      onPointerUp={drop}
      onPointerCancel={drop}
      onDoubleClick={() => onResize(id, null)}
    />
  );
}

function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
