// What the palette finds: pages, people and actions, as its list shows them.
import type { Icon } from '../ui/icons';

export interface Entry {
  id: string;
  /** The heading that it stands under. */
  group: string;
  label: string;
  /** A second line, such as an address. */
  detail?: string | undefined;
  icon?: Icon;
  /** Why it cannot be chosen now; null if it can. */
  reason?: string | null;
  run: () => void;
  /** The actions for the person that it stands for. */
  onMore?: (() => void) | undefined;
}

/** The entries that hold every word that is typed, in any order, in the order that they came in. */
export function matching(entries: readonly Entry[], typed: string): Entry[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  return entries.filter(({ label, group }) => {
    const text = folded(`${label} ${group}`);
    return words.every((word) => text.includes(word));
  });
}

/** Without accents and capitals. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The entry that is highlighted after a key: the next or previous one, round the ends. */
export function moved(index: number, key: string, count: number): number {
  if (count === 0) return 0;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return (index + (key === 'ArrowUp' ? count - 1 : 1)) % count;
}
