import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import type { UserStatus } from '../gql/graphql';
import { countText } from '../ui/count';
import { number } from '../ui/formats';
import { Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { word } from '../ui/words';
import { ActivityCards } from './activity-card';
import { BarChart } from './bar-chart';
import { invitationGroups } from './invitation-groups';
import { OpenInvitations } from './open-invitations';
import classes from './overview-page.module.css';

const Overview = graphql(`
  query Overview {
    userStats { total recentlyActive { count precision } byRole { role count } byStatus { status count } }
    failed: users(first: 5, filter: { delivery: [FAILED] }) { count { count precision } nodes { ...UserRow } }
    expired: users(first: 5, filter: { status: [EXPIRED_INVITATION] }) { count { count precision } nodes { ...UserRow } }
    pending: users(first: 5, filter: { status: [PENDING_INVITATION] }) { count { count precision } nodes { ...UserRow } }
  }
`);

const CONTEXT = { additionalTypenames: ['User'] };

/** The users in numbers, and the open invitations. */
export default function OverviewPage() {
  useTitle(t`Overview`);
  const isTime = useLive(
    ({ kind }) => kind === 'user' || kind === 'delivery',
    () => refresh(),
    'later',
  );
  const [{ data, error }, ask] = useQuery({
    query: Overview,
    requestPolicy: 'cache-and-network',
    context: CONTEXT,
    pause: !isTime,
  });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const stats = data?.userStats;

  return (
    <Stack>
      <Title order={1} size="h2">
        <Trans>Overview</Trans>
      </Title>
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!stats && !error && <Loading text={msg`Loading the numbers …`} />}
      {data && stats && (
        <div className={classes.cards}>
          <section className={classes.card}>
            <div className={classes.numbers}>
              <Figure value={number(stats.total)} label={t`users`} />
              <Figure value={countText(stats.recentlyActive)} label={t`active in the last 30 days`} />
            </div>
            <Link href="/users">
              <Trans>Show the users</Trans>
            </Link>
          </section>
          <section className={classes.card}>
            <BarChart
              title={t`By status`}
              bars={stats.byStatus
                .filter(isCounted)
                .map(({ status, count }) => ({ label: word(status), count, href: `/users?status=${status}` }))}
            />
          </section>
          <section className={classes.card}>
            <BarChart
              title={t`By role`}
              bars={stats.byRole.map(({ role, count }) => ({ label: word(role), count, href: `/users?role=${role}` }))}
            />
          </section>
          <ActivityCards />
          <OpenInvitations groups={invitationGroups(data)} onStale={refresh} />
        </div>
      )}
    </Stack>
  );
}

/** Those who were deleted are not among the users that are counted above. */
function isCounted({ status }: { status: UserStatus }): boolean {
  return status !== 'DELETED';
}

function Figure({ value, label }: { value: string; label: string }) {
  return (
    <div>
      <Text fz={36} fw={700} lh={1.1}>
        {value}
      </Text>
      <Text c="dimmed">{label}</Text>
    </div>
  );
}
