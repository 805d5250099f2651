import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import { Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { word } from '../ui/words';
import { BarChart } from './bar-chart';
import classes from './overview-page.module.css';

const Stats = graphql(`
  query Stats {
    userStats { total activeInLast30Days byRole { role count } byStatus { status count } }
  }
`);

/** The users in numbers. */
export default function OverviewPage() {
  useTitle('Overview');
  const [{ data, error }, ask] = useQuery({ query: Stats, requestPolicy: 'cache-and-network' });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  useLive(refresh);
  const stats = data?.userStats;

  return (
    <Stack>
      <Title order={1} size="h2">
        Overview
      </Title>
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!stats && !error && <Loading what="the numbers" />}
      {stats && (
        <div className={classes.cards}>
          <section className={classes.card}>
            <div className={classes.numbers}>
              <Figure value={stats.total} label="users" />
              <Figure value={stats.activeInLast30Days} label="active in the last 30 days" />
            </div>
            <Link href="/users">Show the users</Link>
          </section>
          <section className={classes.card}>
            <BarChart
              title="By status"
              bars={stats.byStatus.map(({ status, count }) => ({ label: word(status), count, href: `/users?status=${status}` }))}
            />
          </section>
          <section className={classes.card}>
            <BarChart
              title="By role"
              bars={stats.byRole.map(({ role, count }) => ({ label: word(role), count, href: `/users?role=${role}` }))}
            />
          </section>
        </div>
      )}
    </Stack>
  );
}

function Figure({ value, label }: { value: number; label: string }) {
  return (
    <div>
      <Text fz={36} fw={700} lh={1.1}>
        {value.toLocaleString()}
      </Text>
      <Text c="dimmed">{label}</Text>
    </div>
  );
}
