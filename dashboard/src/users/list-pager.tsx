import { t } from '@lingui/core/macro';
import type { UsersQuery } from '../gql/graphql';
import type { Counted } from '../ui/count';
import { Pager } from '../ui/pager';
import { changed, type ListState, PAGE_SIZES } from './list-state';

interface Props {
  connection: NonNullable<UsersQuery['users']>;
  /** How many users there are on all pages, once they are counted. */
  total: Counted | undefined;
  state: ListState;
  onGo: (state: ListState) => void;
  onPage: (page: number) => void;
}

/** Where one is in the list, and the ways to its other pages. */
export function ListPager({ connection: { nodes, pageInfo }, total, state, onGo, onPage }: Props) {
  const { from, size } = state;
  const go = (change: Partial<ListState>) => () => onGo(changed(state, change));
  const before = { before: pageInfo.startCursor ?? null, from: from && Math.max(from - size, 1) };
  const after = { after: pageInfo.endCursor ?? null, from: from && from + nodes.length };
  const last = { isLast: true, from: total?.precision === 'EXACT' ? Math.max(total.count - size + 1, 1) : null };
  return (
    <Pager
      what={t`users`}
      from={from}
      shown={nodes.length}
      total={total}
      size={{ value: size, choices: PAGE_SIZES, onChange: (next) => onGo(changed(state, { size: next })) }}
      onPage={onPage}
      onFirst={pageInfo.hasPreviousPage ? go({}) : undefined}
      onPrevious={pageInfo.hasPreviousPage ? go(before) : undefined}
      onNext={pageInfo.hasNextPage ? go(after) : undefined}
      onLast={pageInfo.hasNextPage ? go(last) : undefined}
    />
  );
}
