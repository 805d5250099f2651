import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Menu, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { AddIcon } from '../ui/icons';
import { AsOfButton } from './as-of-button';
import { COLUMNS } from './columns';
import classes from './filter-bar.module.css';
import { FilterChip } from './filter-chip';
import { FILTERS, type FilterId } from './filter-definitions';
import { changed, filterCount, type ListState, orderOf, orderText, readOrder, withoutFilters } from './list-state';
import type { User } from './queries';
import { SearchBox } from './search-box';
import { tabOf } from './status-tabs';
import type { Taste } from './taste';
import { ViewButton } from './view-button';

interface Props {
  state: ListState;
  taste: Taste;
  offered: User['authMethods'];
  onChange: (state: ListState) => void;
  onTaste: (taste: Taste) => void;
}

/** Search, filters as chips, the moment that is shown, and how the list looks. */
export function FilterBar({ state, taste, offered, onChange, onTaste }: Props) {
  const set = (change: Partial<ListState>) => onChange(changed(state, change));
  const [added, setAdded] = useState<FilterId | null>(null);
  // What a tab says needs no chip.
  const byTab = tabOf(state)?.filter;
  const isShown = ({ id, text }: (typeof FILTERS)[number]) => id === added || (id !== byTab && text(state, offered) !== '');
  const shown = FILTERS.filter(isShown);
  return (
    <div className={classes.bar} data-in-address data-screen-only>
      <SearchBox value={state.search} onChange={(search) => set({ search })} />
      {shown.map((filter) => (
        <FilterChip
          key={filter.id}
          filter={filter}
          state={state}
          offered={offered}
          isNew={filter.id === added}
          onChange={set}
          onUnused={() => setAdded(null)}
        />
      ))}
      <Menu position="bottom-start" width={200}>
        <Menu.Target>
          <Button variant="subtle" size="sm" px="xs" leftSection={<AddIcon size={16} />}>
            <Trans>Add filter</Trans>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FILTERS.filter((filter) => !shown.includes(filter)).map(({ id, label }) => (
            <Menu.Item key={id} onClick={() => setAdded(id)}>
              {i18n._(label)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {(filterCount(state) > 0 || state.search !== '') && (
        <Button variant="subtle" color="gray" size="sm" px="xs" onClick={() => onChange(withoutFilters(state))}>
          <Trans>Clear</Trans>
        </Button>
      )}
      <span className={classes.space} />
      <NativeSelect
        className={classes.order}
        aria-label={t`Order`}
        data={orders(state.search.trim() !== '')}
        value={orderText(orderOf(state))}
        onChange={(event) => {
          const { value } = event.currentTarget;
          set({ order: value === BEST_MATCH ? null : readOrder(value) });
        }}
      />
      <AsOfButton asOf={state.asOf} onChange={(asOf) => set({ asOf })} />
      <ViewButton taste={taste} onChange={onTaste} />
    </div>
  );
}

const BEST_MATCH = orderText({ field: 'RELEVANCE', direction: 'ASC' });

/** The orders, with the best match where there is a search. */
function orders(isSearch: boolean): { value: string; label: string }[] {
  const ofColumns = COLUMNS.flatMap(({ label: name, order }) => {
    if (!order) return [];
    const label = i18n._(name);
    return [
      { value: `${order}.ASC`, label: t`${label}, ascending` },
      { value: `${order}.DESC`, label: t`${label}, descending` },
    ];
  });
  return isSearch ? [{ value: BEST_MATCH, label: t`Best match first` }, ...ofColumns] : ofColumns;
}
