import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../ui/icons';
import { type Entry, moved } from './entries';
import classes from './palette.module.css';

interface Props {
  typed: string;
  placeholder: string;
  entries: readonly Entry[];
  isSearching: boolean;
  onType: (text: string) => void;
  /** Back from the actions of a person. */
  onBack?: (() => void) | undefined;
}

/** A text field with what it finds below. The focus stays in the field; the keys move what is highlighted. */
export function PaletteList({ typed, placeholder, entries, isSearching, onType, onBack }: Props) {
  const [index, setIndex] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(index, Math.max(entries.length - 1, 0));
  const entry = entries[at];
  useEffect(() => {
    list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (['ArrowDown', 'ArrowUp'].includes(event.key)) setIndex(moved(at, event.key, entries.length));
    else if (event.key === 'Enter') choose(entry);
    else if (event.key === 'Tab' && entry?.onMore && !event.shiftKey) more(entry);
    else if (event.key === 'Backspace' && typed === '' && onBack) onBack();
    else return;
    event.preventDefault();
  };
  const choose = (chosen: Entry | undefined) => !chosen?.reason && chosen?.run();
  const more = (chosen: Entry) => {
    onType('');
    chosen.onMore?.();
  };
  return (
    <div className={classes.palette} data-in-address>
      <div className={classes.field}>
        <SearchIcon />
        <input
          data-autofocus
          // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={entry ? `palette-${at}` : undefined}
          aria-label={placeholder}
          aria-autocomplete="list"
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            onType(event.target.value);
            setIndex(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label={t`Found`} className={classes.list} tabIndex={-1}>
        {entries.map((one, position) => (
          <Fragment key={one.id}>
            {one.group !== entries[position - 1]?.group && (
              <div className={classes.group} role="presentation">
                {one.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are in the field, which keeps the focus */}
            <div
              id={`palette-${position}`}
              data-index={position}
              role="option"
              aria-selected={position === at}
              aria-disabled={one.reason ? true : undefined}
              tabIndex={-1}
              className={classes.entry}
              onMouseMove={() => setIndex(position)}
              onClick={() => choose(one)}
            >
              {one.icon && <one.icon />}
              <span className={classes.text}>
                <span>
                  <bdi>{one.label}</bdi>
                </span>
                {(one.reason ?? one.detail) && (
                  <small>
                    <bdi>{one.reason ?? one.detail}</bdi>
                  </small>
                )}
              </span>
              {one.onMore && (
                // For the mouse; the key does the same.
                <span
                  className={classes.more}
                  aria-hidden="true"
                  onClick={(event) => {
                    event.stopPropagation();
                    more(one);
                  }}
                >
                  <Trans>
                    Actions <kbd>Tab</kbd>
                  </Trans>
                </span>
              )}
            </div>
          </Fragment>
        ))}
      </div>
      <div role="status" className={classes.none}>
        {entries.length === 0 && (isSearching ? t`Searching …` : t`Nothing found`)}
      </div>
    </div>
  );
}
