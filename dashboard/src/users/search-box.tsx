import { t } from '@lingui/core/macro';
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../shell/use-shortcut';
import { SearchIcon } from '../ui/icons';
import classes from './filter-bar.module.css';

// Long enough for two fast letters to be one request, short enough for a result to be there within 300 ms (`make bench-pages`).
const TYPING_MILLISECONDS = 100;

/** The search of the list. The address follows soon after the typing. */
export function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
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
      aria-label={t`Search by email or name`}
      placeholder={t`Search by email or name ( / )`}
      leftSection={<SearchIcon size={16} />}
      rightSection={text && <CloseButton size="sm" aria-label={t`Clear the search`} onClick={() => type('')} />}
      value={text}
      onChange={(event) => type(event.target.value)}
    />
  );
}
