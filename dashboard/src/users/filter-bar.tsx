import { Button, Checkbox, CloseButton, Group, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../shell/use-shortcut';
import { SearchIcon } from '../ui/icons';
import { COLUMNS } from './columns';
import classes from './filter-bar.module.css';
import { Filters } from './filters';
import { changed, filterCount, HIDEABLE, type Hideable, type ListState, withoutFilters } from './list-state';
import type { User } from './queries';

const TYPING_MILLISECONDS = 250;
const FILTERS_WIDTH = 'min(38rem, calc(100vw - 2rem))';

interface Props {
  state: ListState;
  offered: User['authMethods'];
  onChange: (state: ListState) => void;
}

/** Search, filters and columns. */
export function FilterBar({ state, offered, onChange }: Props) {
  const set = (change: Partial<ListState>) => onChange(changed(state, change));
  const count = filterCount(state);
  return (
    <Group gap="xs" className={classes.bar} data-in-address>
      <Search value={state.search} onChange={(search) => set({ search })} />
      <Popover position="bottom-start" withArrow shadow="md" trapFocus width={FILTERS_WIDTH}>
        <Popover.Target>
          <Button variant="default">{count > 0 ? `Filters (${count})` : 'Filters'}</Button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} data-in-address>
          <Filters state={state} offered={offered} onChange={set} />
        </Popover.Dropdown>
      </Popover>
      <Popover position="bottom-start" withArrow shadow="md" trapFocus>
        <Popover.Target>
          <Button variant="default">Columns</Button>
        </Popover.Target>
        <Popover.Dropdown data-in-address>
          <ColumnChoice hidden={state.hidden} onChange={(hidden) => onChange({ ...state, hidden })} />
        </Popover.Dropdown>
      </Popover>
      <Select
        className={classes.order}
        aria-label="Order"
        data={COLUMNS.flatMap(({ label, order }) =>
          order
            ? [
                { value: `${order}.ASC`, label: `${label}, ascending` },
                { value: `${order}.DESC`, label: `${label}, descending` },
              ]
            : [],
        )}
        value={`${state.orderBy}.${state.direction}`}
        onChange={(value) => {
          const [orderBy, direction] = (value ?? '').split('.');
          set({ orderBy: orderBy as ListState['orderBy'], direction: direction as ListState['direction'] });
        }}
      />
      {(count > 0 || state.search !== '') && (
        <Button variant="subtle" onClick={() => onChange(withoutFilters(state))}>
          Clear
        </Button>
      )}
    </Group>
  );
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const publish = useDebouncedCallback(onChange, TYPING_MILLISECONDS);
  useShortcut('/', () => input.current?.focus());
  // The address may change without typing: by going back, or by clearing the filters.
  useEffect(() => setText(value), [value]);
  const type = (next: string) => {
    setText(next);
    publish(next);
  };
  return (
    <TextInput
      ref={input}
      className={classes.search}
      type="search"
      aria-label="Search by email or name"
      placeholder="Search by email or name ( / )"
      leftSection={<SearchIcon />}
      rightSection={text && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />}
      value={text}
      onChange={(event) => type(event.target.value)}
    />
  );
}

function ColumnChoice({ hidden, onChange }: { hidden: Hideable[]; onChange: (hidden: Hideable[]) => void }) {
  const shown = HIDEABLE.filter((column) => !hidden.includes(column));
  return (
    <Checkbox.Group
      label="Columns"
      value={shown}
      onChange={(value) => onChange(HIDEABLE.filter((column) => !value.includes(column)))}
    >
      <Stack gap="xs" mt="xs">
        {COLUMNS.flatMap(({ id, label }) => (id === 'email' ? [] : [<Checkbox key={id} value={id} label={label} />]))}
      </Stack>
    </Checkbox.Group>
  );
}
