import { t } from '@lingui/core/macro';
import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { type Candidate, choicesOf } from './candidates';
import classes from './person-picker.module.css';

const TYPING_MILLISECONDS = 250;

const Candidates = graphql(`
  query Candidates($search: String) {
    users(first: 10, filter: { search: $search, includeDeleted: true }, orderBy: { field: EMAIL, direction: ASC }) {
      nodes { id email name }
    }
  }
`);

const Chosen = graphql(`
  query Chosen($id: ID!) { user(id: $id) { id email name } }
`);

interface Props {
  label: string;
  /** The id of the chosen user; empty for none. */
  value: string;
  onChange: (id: string) => void;
}

/** Chooses one user by address or name, also one who was deleted. */
export function PersonPicker({ label, value, onChange }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), TYPING_MILLISECONDS);
  const [found] = useQuery({ query: Candidates, variables: { search: search || null }, pause: !isOpen });
  const [chosen] = useQuery({ query: Chosen, variables: { id: value }, pause: value === '' });
  const candidates: readonly Candidate[] = found.data?.users?.nodes ?? [];
  const isComing = found.fetching || text.trim() !== search;

  return (
    <MultiSelect
      label={label}
      placeholder={value === '' ? t`Anyone` : undefined}
      data={choicesOf(candidates, value, chosen.data?.user ?? null, chosen.fetching)}
      value={value === '' ? [] : [value]}
      // The newest choice replaces the one before.
      onChange={(ids) => onChange(ids.at(-1) ?? '')}
      // The server has looked already, in names too.
      filter={({ options }) => options}
      searchable
      searchValue={text}
      onSearchChange={setText}
      onDropdownOpen={() => setIsOpen(true)}
      onDropdownClose={() => setIsOpen(false)}
      nothingFoundMessage={isComing ? t`Looking …` : t`No users found`}
      hidePickedOptions
      classNames={{ pillsList: classes.chosen ?? '', pill: classes.chip ?? '', inputField: classes.typed ?? '' }}
      flex="1 1 11rem"
      maw="26rem"
    />
  );
}
