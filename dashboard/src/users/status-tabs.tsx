import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import type { DeliveryState, UserStatus } from '../gql/graphql';
import { type Counted, countText } from '../ui/count';
import { number } from '../ui/formats';
import { changed, type ListState, listPath } from './list-state';
import classes from './status-tabs.module.css';

const StatusCounts = graphql(`
  query StatusCounts {
    userStats { total byStatus { status count } }
    failed: users(first: 0, filter: { delivery: [FAILED] }) { count { count precision } }
  }
`);

interface Tab {
  label: MessageDescriptor;
  status: UserStatus[];
  delivery: DeliveryState[];
  /** The filter that it sets. */
  filter: 'status' | 'delivery' | null;
}

const tab = (label: MessageDescriptor, status: UserStatus[], delivery: DeliveryState[] = []): Tab => ({
  label,
  status,
  delivery,
  filter: status.length > 0 ? 'status' : delivery.length > 0 ? 'delivery' : null,
});

const TABS = [
  tab(msg`All`, []),
  tab(msg`Active`, ['ACTIVE']),
  tab(msg`Pending`, ['PENDING_INVITATION']),
  tab(msg`Expired`, ['EXPIRED_INVITATION']),
  tab(msg`Mail failed`, [], ['FAILED']),
  tab(msg`Inactive`, ['INACTIVE']),
  tab(msg`Deleted`, ['DELETED']),
];

/** The tab that shows what a state does; none where several statuses are chosen. */
export function tabOf({ status, delivery }: Pick<ListState, 'status' | 'delivery'>): Tab | undefined {
  return TABS.find((one) => one.status.join() === status.join() && one.delivery.join() === delivery.join());
}

const CONTEXT = { additionalTypenames: ['User'] };

interface Props {
  state: ListState;
  /** Whether it is time to ask, as for the list. */
  isTime: boolean;
}

/** The statuses as links, with how many users there are of each in the whole account. */
export function StatusTabs({ state, isTime }: Props) {
  const isPast = state.asOf !== '';
  const [{ data }, ask] = useQuery({ query: StatusCounts, context: CONTEXT, pause: !isTime || isPast });
  useLive(
    ({ kind }) => !isPast && (kind === 'user' || kind === 'delivery'),
    () => ask({ requestPolicy: 'network-only' }),
    'later',
  );
  const current = tabOf(state);
  const countOf = ({ status: [status], delivery }: Tab): string | null => {
    if (!data?.userStats || isPast) return null;
    if (delivery.length > 0) return data.failed ? countText(data.failed.count as Counted) : null;
    if (!status) return number(data.userStats.total);
    return number(data.userStats.byStatus.find((one) => one.status === status)?.count ?? 0);
  };
  return (
    <nav aria-label={t`Status`} className={classes.tabs} data-screen-only>
      {TABS.map((one) => {
        const count = countOf(one);
        return (
          <Link
            key={one.label.id}
            href={listPath(changed(state, { status: one.status, delivery: one.delivery }))}
            className={classes.tab}
            aria-current={one === current ? 'page' : undefined}
          >
            {i18n._(one.label)}
            {count !== null && <span className={classes.count}>{count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
