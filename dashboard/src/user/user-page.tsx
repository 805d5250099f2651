import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import type { UserPageQuery } from '../gql/graphql';
import { Events } from '../ui/events';
import { Failed, Loading } from '../ui/states';
import { Ago, Moment } from '../ui/time';
import { useTitle } from '../ui/use-title';
import { word } from '../ui/words';
import { MethodIcons } from '../users/method-icons';
import { StatusChip } from '../users/status-chip';
import classes from './user-page.module.css';

const UserPageDocument = graphql(`
  query UserPage($id: ID!) {
    user(id: $id) {
      id
      email
      name
      role
      status
      createdAt
      lastActiveAt
      authMethods { id kind label }
      invitation { sentAt expiresAt delivery { state at attempts detail } }
      sessions { id startedAt lastSeenAt address userAgent isCurrent }
      history(first: 50) { totalCount nodes { ...ShownEvent } }
    }
  }
`);

type ShownUser = NonNullable<UserPageQuery['user']>;

/** One user: facts, sessions, and what happened to them. */
export default function UserPage() {
  const { id } = useParams<{ id: string }>();
  const [{ data, error }, ask] = useQuery({ query: UserPageDocument, variables: { id } });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  useLive(refresh, [id]);
  const user = data?.user;
  useTitle(user?.email ?? 'User');

  return (
    <Stack>
      <Anchor component={Link} href="/users" size="sm">
        ← All users
      </Anchor>
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!user && !error && <Loading what="the user" />}
      {user && (
        <>
          <Title order={1} size="h2" className={classes.email}>
            {user.email ?? 'Erased user'}
          </Title>
          <Facts user={user} />
          <Sessions sessions={user.sessions ?? []} />
          <Title order={2} size="h3">
            History
          </Title>
          <Events events={user.history?.nodes ?? []} />
        </>
      )}
    </Stack>
  );
}

function Facts({ user }: { user: ShownUser }) {
  return (
    <dl className={classes.facts}>
      {user.name && <Fact label="Name">{user.name}</Fact>}
      <Fact label="Status">
        <StatusChip user={user} />
      </Fact>
      <Fact label="User role">{word(user.role)}</Fact>
      <Fact label="Created at">
        <Moment at={user.createdAt} />
      </Fact>
      <Fact label="Last active">{user.lastActiveAt ? <Ago at={user.lastActiveAt} /> : 'never'}</Fact>
      <Fact label="Auth method(s)">
        <MethodIcons methods={user.authMethods} />
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Sessions({ sessions }: { sessions: NonNullable<ShownUser['sessions']> }) {
  return (
    <section>
      <Title order={2} size="h3">
        Sessions
      </Title>
      {sessions.length === 0 && <Text c="dimmed">They are signed in nowhere.</Text>}
      {sessions.length > 0 && (
        <Table.ScrollContainer minWidth={560} type="native">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Signed in</Table.Th>
                <Table.Th>Last seen</Table.Th>
                <Table.Th>Address</Table.Th>
                <Table.Th>Program</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Moment at={session.startedAt} />
                    {session.isCurrent && ' (this one)'}
                  </Table.Td>
                  <Table.Td>
                    <Ago at={session.lastSeenAt} />
                  </Table.Td>
                  <Table.Td>{session.address ?? '–'}</Table.Td>
                  <Table.Td className={classes.program}>{session.userAgent ?? '–'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}
