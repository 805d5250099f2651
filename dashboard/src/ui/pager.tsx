import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ActionIcon, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { type Counted, countText } from './count';
import { number } from './formats';
import { FirstIcon, type Icon, LastIcon, NextIcon, PreviousIcon } from './icons';
import classes from './pager.module.css';

interface Props {
  /** What is paged, such as "users", in the language of the page, for screen readers. */
  what: string;
  /** The number of the first one on this page, from 1; null where it is not known. */
  from: number | null;
  /** How many are on this page. */
  shown: number;
  /** How many there are on all pages, once they are counted. */
  total?: Counted | 'unknown' | undefined;
  /** How many a page holds, and how many it may. */
  size?: { value: number; choices: number[]; onChange: (size: number) => void };
  onFirst?: (() => void) | undefined;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  onLast?: (() => void) | undefined;
  /** Shows a page by its number, from 1. */
  onPage?: ((page: number) => void) | undefined;
  /** Which of the ways this list has at all; those that lead nowhere now are disabled. */
  ways?: readonly Way[];
}

type Way = 'First' | 'Previous' | 'Next' | 'Last';

const ALL: readonly Way[] = ['First', 'Previous', 'Next', 'Last'];
const LABELS: Record<Way, MessageDescriptor> = {
  First: msg`First page`,
  Previous: msg`Previous page`,
  Next: msg`Next page`,
  Last: msg`Last page`,
};
const ICONS: Record<Way, Icon> = { First: FirstIcon, Previous: PreviousIcon, Next: NextIcon, Last: LastIcon };

/** Where one is in a list, and the ways to its other pages. */
export function Pager({ what, from, shown, total, size, ways = ALL, ...on }: Props) {
  const go: Record<Way, (() => void) | undefined> = {
    First: on.onFirst,
    Previous: on.onPrevious,
    Next: on.onNext,
    Last: on.onLast,
  };
  const isOnly = ways.every((way) => !go[way]);
  // The last page may begin before its number says, so that it is full.
  const page = from !== null && size ? Math.ceil((from + shown - 1) / size.value) : null;
  const pages = size && total && total !== 'unknown' ? Math.ceil(total.count / size.value) : null;
  return (
    <nav className={classes.pager} aria-label={t`Pages of ${what}`} data-screen-only>
      <span className={classes.position} role="status">
        {positionText(from, shown, total)}
      </span>
      {size && !(isOnly && shown <= (size.choices[0] ?? 0)) && (
        <NativeSelect
          size="xs"
          aria-label={t`Rows on a page`}
          data-in-address
          data={size.choices.map((choice) => ({ value: String(choice), label: t`${number(choice)} per page` }))}
          value={String(size.value)}
          onChange={(event) => size.onChange(Number(event.currentTarget.value))}
        />
      )}
      <span className={classes.ways} hidden={isOnly}>
        {ways.map((way) => {
          const WayIcon = ICONS[way];
          return (
            <span key={way} className={classes.way}>
              {way === 'Next' && <PageNumber key={page} page={page} pages={pages} onPage={on.onPage} />}
              <ActionIcon
                variant="default"
                size={32}
                aria-label={i18n._(LABELS[way])}
                title={i18n._(LABELS[way])}
                disabled={!go[way]}
                onClick={go[way]}
              >
                <WayIcon size={16} />
              </ActionIcon>
            </span>
          );
        })}
      </span>
    </nav>
  );
}

interface PageNumberProps {
  page: number | null;
  pages: number | null;
  onPage: Props['onPage'];
}

/** Which page is shown; where any can be, a field for its number. */
function PageNumber({ page, pages, onPage }: PageNumberProps) {
  const [typed, setTyped] = useState(page === null ? '' : String(page));
  if (!onPage || pages === null) {
    const shown = number(page ?? 1);
    return page === null ? null : (
      <span className={classes.page}>
        <Trans>Page {shown}</Trans>
      </span>
    );
  }
  const all = number(pages);
  const go = () => {
    const wanted = Math.min(Math.max(Math.trunc(Number(typed)), 1), pages);
    if (wanted && wanted !== page) onPage(wanted);
    else setTyped(page === null ? '' : String(page));
  };
  return (
    <form
      className={classes.page}
      data-in-address
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <Trans>
        Page
        <input
          aria-label={t`Page number`}
          className={classes.number}
          inputMode="numeric"
          autoComplete="off"
          style={{ width: `${String(pages).length + 2.5}ch` }}
          value={typed}
          onChange={(event) => setTyped(event.target.value.replace(/\D/g, ''))}
          onFocus={(event) => event.target.select()}
          onBlur={go}
        />
        of {all}
      </Trans>
    </form>
  );
}

/** Such as "26–50 of 5,137"; without a known start, "25 of 5,137"; of a list that no one counts, "26–50". */
export function positionText(from: number | null, shown: number, total: Counted | 'unknown' | undefined): string {
  if (total === 'unknown') return from === null ? number(shown) : `${number(from)}–${number(from + shown - 1)}`;
  const all = total ? countText(total, (from ?? 1) + shown - 1) : '…';
  const first = number(shown === 0 ? 0 : (from ?? shown));
  if (from === null || shown <= 1) return t`${first} of ${all}`;
  const last = number(from + shown - 1);
  return t`${first}–${last} of ${all}`;
}
