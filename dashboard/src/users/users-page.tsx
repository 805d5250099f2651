import { Button, Group, Stack, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { useSearchParams } from 'wouter';
import { problemOf } from '../api/problems';
import { useLive } from '../api/use-live';
import { useViewer } from '../session/session';
import { useShortcut } from '../shell/use-shortcut';
import { ExportLink } from '../ui/export-link';
import { Empty, Failed, Loading } from '../ui/states';
import { useKeptFocus } from '../ui/use-kept-focus';
import { useTitle } from '../ui/use-title';
import { AsOfNotice } from './as-of-notice';
import { usersExportPath } from './export-path';
import { FilterBar } from './filter-bar';
import { changed, filterCount, type ListState, readListState, toVariables, withoutFilters, writeListState } from './list-state';
import { Pages } from './pages';
import { OfferedMethods, UserCount, Users } from './queries';
import { ResendFailed } from './resend-failed';
import { type Dialog, UserDialogs } from './user-dialogs';
import classes from './users-page.module.css';
import { UsersTable } from './users-table';

const CONTEXT = { additionalTypenames: ['User'] };

export default function UsersPage() {
  useTitle('Users');
  const { user: viewer } = useViewer();
  const [params, setParams] = useSearchParams();
  const state = readListState(params);
  const variables = toVariables(state);
  const { filter, asOf } = variables;
  const isTime = useLive(
    ({ kind, userId }) => isShown(kind, userId),
    () => refresh(),
  );
  useLive(
    ({ kind }) => !state.asOf && isOfUsers(kind),
    () => count({ requestPolicy: 'network-only' }),
    'later',
  );
  useLive(
    ({ kind }) => kind === 'account',
    () => askMethods({ requestPolicy: 'network-only' }),
  );
  const [{ data, error, fetching }, ask] = useQuery({ query: Users, variables, context: CONTEXT, pause: !isTime });
  const [counted, count] = useQuery({ query: UserCount, variables: { filter, asOf }, context: CONTEXT, pause: !isTime });
  const [methods, askMethods] = useQuery({ query: OfferedMethods });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const refresh = () => ask({ requestPolicy: 'network-only' });
  useShortcut('i', () => setDialog({ kind: 'invite' }));

  const list = useRef<HTMLDivElement>(null);
  useKeptFocus(list);

  const connection = data?.users ?? null;
  // A change of any user can bring a row or take one away. A sign-in changes a row that is shown.
  const isShown = (kind: string, userId: string | null) =>
    !state.asOf && (isOfUsers(kind) || (kind === 'session' && connection?.nodes.some((user) => user.userId === userId) === true));
  const offered = methods.data?.viewer?.account.authMethods ?? [];
  const isFiltered = filterCount(state) > 0 || state.search !== '';
  // Each step of typing replaces the one before it, so that going back leaves the search at once.
  const show = (next: ListState) => setParams(writeListState(next), { replace: next.search !== state.search });
  const isLater = state.after !== null || state.before !== null;
  // A page that became empty, because its last user was deleted or an old address was opened, is left for the first one.
  const isPastTheEnd = connection?.nodes.length === 0 && isLater && !fetching;
  useEffect(() => {
    if (isPastTheEnd) setParams(writeListState({ ...state, after: null, before: null }), { replace: true });
  });

  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Users
        </Title>
        <Group gap="md">
          <ExportLink path={usersExportPath(state)}>Export as CSV</ExportLink>
          <Button onClick={() => setDialog({ kind: 'invite' })}>Invite user</Button>
        </Group>
      </Group>
      <FilterBar state={state} offered={offered} onChange={show} />
      {state.asOf && <AsOfNotice asOf={state.asOf} onNow={() => show(changed(state, { asOf: '' }))} />}
      {state.delivery.includes('FAILED') && !state.asOf && (
        <Group>
          <ResendFailed seen={connection} onResent={refresh} />
        </Group>
      )}
      {error && (
        <Failed problem={problemOf(error)} onRetry={refresh} onFirst={isLater ? () => show(changed(state, {})) : undefined} />
      )}
      {!connection && !error && <Loading what="the users" />}
      {connection && connection.nodes.length === 0 && (
        <Empty title={emptyTitle(state)}>
          {isFiltered && (
            <Button variant="default" onClick={() => show(withoutFilters(state))}>
              Clear search and filters
            </Button>
          )}
        </Empty>
      )}
      {connection && connection.nodes.length > 0 && (
        <div ref={list} tabIndex={-1} className={classes.list} data-fetching={fetching || undefined} aria-busy={fetching}>
          <UsersTable
            users={connection.nodes}
            viewerId={viewer.id}
            state={state}
            onChange={show}
            onOpen={(kind, user) => setDialog({ kind, user })}
          />
          <Pages connection={connection} total={counted.data?.users?.count} state={state} onChange={show} />
        </div>
      )}
      {dialog && (
        <UserDialogs
          dialog={dialog}
          users={connection?.nodes ?? []}
          offered={offered}
          onOpen={setDialog}
          onClose={() => setDialog(null)}
          onStale={refresh}
        />
      )}
    </Stack>
  );
}

/** Whether an event changes users, or what is shown of their mails. */
function isOfUsers(kind: string): boolean {
  return kind === 'user' || kind === 'delivery';
}

function emptyTitle(state: ListState): string {
  if (filterCount(state) > 0 || state.search !== '') return 'No users found';
  return state.asOf ? 'There were no users then' : 'There are no users yet';
}
