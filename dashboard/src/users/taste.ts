// How someone likes the list to look. The browser stores it; without a storage it holds until the page is loaded again.
import { useLocalStorage } from '@mantine/hooks';
import { type ColumnId, HIDEABLE } from './columns';

export interface Taste {
  hidden: ColumnId[];
  isCompact: boolean;
}

const START: Taste = { hidden: [], isCompact: false };

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
    const { hidden, isCompact } = JSON.parse(text ?? '') as Partial<Taste>;
    const known = HIDEABLE.flatMap(({ id }) => (hidden?.includes(id) ? [id] : []));
    return { hidden: known, isCompact: isCompact === true };
  } catch {
    return START;
  }
}
