import { Anchor, Group, Stack, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import type { UserPageQuery } from '../gql/graphql';
import { KeysTable } from '../keys/keys-table';
import { RevokeApiKey } from '../keys/queries';
import { useViewer } from '../session/session';
import { Failed, Loading } from '../ui/states';
import { Ago, Moment } from '../ui/time';
import { useTitle } from '../ui/use-title';
import { word } from '../ui/words';
import type { Dialog } from '../users/dialog';
import { MethodIcons } from '../users/method-icons';
import { RowMenu } from '../users/row-menu';
import { StatusChip } from '../users/status-chip';
import { UserDialogs } from '../users/user-dialogs';
import { History } from './history';
import { Sessions } from './sessions';
import classes from './user-page.module.css';

const UserPageDocument = graphql(`
  query UserPage($id: ID!) {
    user(id: $id) {
      ...UserRow
      sessions { ...ShownSession }
      apiKeys { ...ShownKey }
      history(first: 50) { ...ShownHistory }
    }
    viewer { account { id authMethods { id kind label } } }
  }
`);

type ShownUser = NonNullable<UserPageQuery['user']>;

/** One user: facts, sessions, and what happened to them. */
export default function UserPage() {
  const { id } = useParams<{ id: string }>();
  const { user: viewer } = useViewer();
  const isTime = useLive(
    ({ kind, userId }) => userId === id || kind === 'account',
    () => refresh(),
  );
  const [{ data, error }, ask] = useQuery({ query: UserPageDocument, variables: { id }, pause: !isTime });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const revoke = useApiMutation(RevokeApiKey);
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const user = data?.user;
  useTitle(user?.email ?? 'User');

  return (
    <Stack>
      {viewer.role === 'ADMIN' && (
        <Anchor component={Link} href="/users" size="sm">
          ← All users
        </Anchor>
      )}
      {error && !user && (
        <Title order={1} size="h2">
          User
        </Title>
      )}
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!user && !error && <Loading what="the user" />}
      {user && (
        <>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Title order={1} size="h2" className={classes.email}>
              <bdi>{user.email ?? 'Erased user'}</bdi>
            </Title>
            <RowMenu user={user} isHere onOpen={setDialog} />
          </Group>
          <Facts user={user} />
          {user.sessions && <Sessions userId={user.id} sessions={user.sessions} onEnded={refresh} />}
          {user.apiKeys && user.apiKeys.length > 0 && (
            <section>
              <Title order={2} size="h3" mb="xs">
                API keys
              </Title>
              <KeysTable label="API keys" keys={user.apiKeys} revoke={revoke} />
            </section>
          )}
          {user.history && <History key={user.id} userId={user.id} newest={user.history} />}
          {dialog && (
            <UserDialogs
              dialog={dialog}
              users={[user]}
              offered={data?.viewer?.account.authMethods ?? []}
              onOpen={setDialog}
              onClose={() => setDialog(null)}
              onStale={refresh}
            />
          )}
        </>
      )}
    </Stack>
  );
}

function Facts({ user }: { user: ShownUser }) {
  return (
    <dl className={classes.facts}>
      {user.name && (
        <Fact label="Name">
          <bdi>{user.name}</bdi>
        </Fact>
      )}
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

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
