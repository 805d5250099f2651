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
}

/** The edge where a column starts. It is drawn, or moved with the arrow keys; a double click or Delete resets the column. */
export function Edge({ id, label, width, min, max, onResize }: Props) {
  const drawn = useRef<{ x: number; from: number; to: number } | null>(null);
  const toStart = () => (document.documentElement.dir === 'rtl' ? 1 : -1);
  const press = (event: KeyboardEvent) => {
    const wider = toStart() < 0 ? 'ArrowLeft' : 'ArrowRight';
    const narrower = toStart() < 0 ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === wider) onResize(id, width + STEP_REM);
    else if (event.key === narrower) onResize(id, width - STEP_REM);
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
    drawn.current.to = Math.min(Math.max(to, min), max);
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
