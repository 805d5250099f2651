import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { useLive } from '../api/use-live';
import { calendarDay, dayOf } from '../ui/dates';
import { number } from '../ui/formats';
import { serverDate } from '../ui/server-clock';
import { ACTIVITY, activityVariables, DAYS, type DayCount, dayStarts, type SeriesName, seriesOf } from './activity';
import classes from './overview-page.module.css';

const CHARTS: { name: SeriesName; title: MessageDescriptor; events: MessageDescriptor; href: string }[] = [
  {
    name: 'signIns',
    title: msg`Sign-ins in the last ${DAYS} days`,
    events: msg`Show the sign-ins in the audit log`,
    href: '/audit-log?type=SESSION_STARTED',
  },
  {
    name: 'invitations',
    title: msg`Invitations in the last ${DAYS} days`,
    events: msg`Show the invitations in the audit log`,
    href: '/audit-log?type=INVITED',
  },
];

const CONTEXT = { additionalTypenames: ['User'] };

/** Sign-ins and invitations by day. */
export function ActivityCards() {
  const starts = useMemo(() => dayStarts(serverDate()), []);
  const [{ data }, ask] = useQuery<Record<string, { count: { count: number } } | null>>({
    query: ACTIVITY,
    variables: activityVariables(starts),
    context: CONTEXT,
  });
  useLive(
    ({ kind }) => kind === 'user' || kind === 'session',
    () => ask({ requestPolicy: 'network-only' }),
    'later',
  );
  const days = starts.slice(0, DAYS).map((start) => dayOf(start.toISOString()));
  return CHARTS.map(({ name, title, events, href }) => (
    <section key={name} className={classes.card} data-half>
      <ColumnChart
        title={i18n._(title)}
        linkText={i18n._(events)}
        href={href}
        counts={data ? seriesOf(name, data, days) : null}
      />
    </section>
  ));
}

interface Props {
  title: string;
  linkText: string;
  /** Where the events are listed. */
  href: string;
  /** The oldest first; null while they are on their way. */
  counts: DayCount[] | null;
}

/** A column for each day. The same numbers are in a table, for those who do not see it. */
function ColumnChart({ title, linkText, href, counts }: Props) {
  const shown = counts ?? [];
  const most = Math.max(1, ...shown.map(({ count }) => count));
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <div className={classes.chartHead}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text fz={24} fw={650} lh={1.1}>
          {counts ? number(total) : '…'}
        </Text>
      </div>
      <svg viewBox={`0 0 ${DAYS * 10} 40`} preserveAspectRatio="none" className={classes.columns} aria-hidden="true">
        {shown.map(({ day: label, count }, index) => {
          const height = count === 0 ? 0 : Math.max((38 * count) / most, 1);
          return (
            <g key={label}>
              <title>{`${calendarDay(label)}: ${number(count)}`}</title>
              <rect className={classes.place} x={index * 10} width={10} height={40} />
              <rect x={index * 10 + 1.5} width={7} y={40 - height} height={height} />
            </g>
          );
        })}
      </svg>
      <div className={classes.axis} aria-hidden="true">
        <span>{shown[0] && calendarDay(shown[0].day)}</span>
        <span>
          <Trans>Today</Trans>
        </span>
      </div>
      <details className={classes.numbersOf}>
        <summary>
          <Trans>The numbers</Trans>
        </summary>
        <ul>
          {shown.map(({ day: label, count }) => (
            <li key={label}>
              <span>{calendarDay(label)}</span>
              <span>{number(count)}</span>
            </li>
          ))}
        </ul>
      </details>
      <Link href={href}>{linkText}</Link>
    </>
  );
}
