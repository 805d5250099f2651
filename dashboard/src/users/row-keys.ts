// The keys of the list: the row that holds the focus is the one that they act on.
import type { RefObject } from 'react';
import { useShortcut } from '../shell/use-shortcut';

interface RowKeys {
  /** What the rows are in. */
  list: RefObject<HTMLElement | null>;
  onManage: (id: string) => void;
}

export function useRowKeys({ list, onManage }: RowKeys): void {
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('tr[data-id]') ?? [])];
  const current = () => document.activeElement?.closest<HTMLElement>('tr[data-id]') ?? null;
  const move = (by: number) => {
    const all = rows();
    const row = current();
    const at = row ? all.indexOf(row) + by : by > 0 ? 0 : all.length - 1;
    all[at]?.querySelector('a')?.focus();
    all[at]?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('j', () => move(1));
  useShortcut('k', () => move(-1));
  useShortcut('x', () => current()?.querySelector<HTMLElement>('input[type="checkbox"]')?.click());
  useShortcut('e', () => {
    const id = current()?.dataset.id;
    if (id) onManage(id);
  });
}
