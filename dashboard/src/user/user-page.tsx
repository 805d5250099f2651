import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Anchor, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useApiMutation } from '../api/use-api-mutation';
import { useLive } from '../api/use-live';
import { graphql } from '../gql';
import { KeysTable } from '../keys/keys-table';
import { RevokeApiKey } from '../keys/queries';
import { useViewer } from '../session/session';
import { Failed, Loading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import type { Dialog } from '../users/dialog';
import { lastListPath } from '../users/last-list';
import { UserDialogs } from '../users/user-dialogs';
import { History } from './history';
import { Sessions } from './sessions';
import { UserCard } from './user-card';
import classes from './user-page.module.css';

const UserPageDocument = graphql(`
  query UserPage($id: ID!, $withHistory: Boolean!) {
    user(id: $id) {
      ...UserRow
      sessions { ...ShownSession }
      apiKeys { ...ShownKey }
      history(first: 50) @include(if: $withHistory) { ...ShownHistory }
      beginning: history(first: 1, direction: ASC) @include(if: $withHistory) { nodes { type actor { ...ShownActor } } }
    }
    viewer { account { id authMethods { id kind label } } }
  }
`);

/** One user: who they are and what can be done with them, their sessions, and what happened to them. */
export default function UserPage() {
  const { id } = useParams<{ id: string }>();
  const { user: viewer } = useViewer();
  const isTime = useLive(
    ({ kind, userId }) => userId === id || kind === 'account',
    () => refresh(),
  );
  // What the role may not see is not asked for: it would only be refused.
  const variables = { id, withHistory: viewer.role !== 'VIEWER' };
  const [{ data, error }, ask] = useQuery({ query: UserPageDocument, variables, pause: !isTime });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const revoke = useApiMutation(RevokeApiKey);
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const user = data?.user;
  const beginning = user?.beginning?.nodes[0];
  useTitle(user?.name ?? user?.email ?? t`User`);

  return (
    <Stack>
      {viewer.role === 'ADMIN' && (
        <Anchor component={Link} href={lastListPath()} size="sm" data-screen-only>
          <Trans>← All users</Trans>
        </Anchor>
      )}
      {error && !user && (
        <Title order={1} size="h2">
          <Trans>User</Trans>
        </Title>
      )}
      {error && <Failed problem={problemOf(error)} onRetry={refresh} />}
      {!user && !error && <Loading text={msg`Loading the user …`} />}
      {user && (
        <div className={classes.page}>
          <UserCard user={user} inviter={beginning?.type === 'INVITED' ? beginning.actor : null} onOpen={setDialog} />
          <div className={classes.parts}>
            {user.sessions && user.status !== 'DELETED' && (
              <Sessions userId={user.id} sessions={user.sessions} onEnded={refresh} />
            )}
            {user.apiKeys && user.apiKeys.length > 0 && (
              <section>
                <Title order={2} size="h4" mb="xs">
                  <Trans>API keys</Trans>
                </Title>
                <KeysTable kind="api_key" keys={user.apiKeys} revoke={revoke} />
              </section>
            )}
            {user.history && <History key={user.id} userId={user.id} newest={user.history} />}
          </div>
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
        </div>
      )}
    </Stack>
  );
}
