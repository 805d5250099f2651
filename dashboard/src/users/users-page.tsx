import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Stack, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useSearchParams } from 'wouter';
import { explain, problemOf } from '../api/problems';
import { useViewer } from '../session/session';
import { useShortcut } from '../shell/use-shortcut';
import { ExportLink } from '../ui/export-link';
import { InviteIcon, UsersIcon } from '../ui/icons';
import { lazyPart } from '../ui/lazy-part';
import { notifyProblem } from '../ui/notify';
import { Empty, Failed } from '../ui/states';
import { TableSkeleton } from '../ui/table';
import { useKeptFocus } from '../ui/use-kept-focus';
import { useTitle } from '../ui/use-title';
import { whenIdle } from '../ui/when-idle';
import { AsOfNotice } from './as-of-notice';
import type { Dialog } from './dialog';
import { usersExportPath } from './export-path';
import { FilterBar } from './filter-bar';
import { noteList } from './last-list';
import { ListPager } from './list-pager';
import {
  changed,
  filterCount,
  isFirstPage,
  type ListState,
  listPath,
  readListState,
  toVariables,
  withoutFilters,
  writeListState,
} from './list-state';
import { ResendFailed } from './resend-failed';
import { useRowKeys } from './row-keys';
import { sizeOf } from './selection';
import { StatusTabs } from './status-tabs';
import { type Taste, useTaste, type ViewTaste } from './taste';
import { useSelection } from './use-selection';
import { useUsers } from './use-users';
import classes from './users-page.module.css';
import { UsersTable } from './users-table';

const ViewsMenu = lazyPart(() => import('../views/views-menu'), { isFirst: true, waiting: <span className={classes.waiting} /> });
const BulkBar = lazyPart(() => import('../bulk/bulk-bar'));
const UserDialogs = lazyPart(() => import('./user-dialogs'), { onFailed: ({ onClose }) => onClose() });

export default function UsersPage() {
  useTitle(t`Users`);
  const { user: viewer } = useViewer();
  const client = useClient();
  const [params, setParams] = useSearchParams();
  const state = readListState(params);
  const { connection, error, fetching, isTime, total, offered, refresh } = useUsers(state);
  const [ownTaste, setOwnTaste] = useTaste();
  // The columns of a view do not change what one likes elsewhere.
  const [viewTaste, setViewTaste] = useState<ViewTaste | null>(null);
  const taste = { ...ownTaste, ...viewTaste };
  const setTaste = ({ hidden, isCompact, ...placed }: Taste) => {
    if (viewTaste) setViewTaste({ hidden, isCompact });
    setOwnTaste(viewTaste ? { ...ownTaste, ...placed } : { hidden, isCompact, ...placed });
  };
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const list = useRef<HTMLDivElement>(null);
  useKeptFocus(list);
  useShortcut('i', () => setDialog({ kind: 'invite' }));
  useRowKeys({
    list,
    onManage: (id) => {
      const user = connection?.nodes.find((one) => one.id === id);
      if (user?.viewerCan) setDialog({ kind: 'manage', user });
    },
  });
  const path = listPath(state);
  useEffect(() => noteList(path), [path]);
  useEffect(() => whenIdle(UserDialogs.load), []);

  const isFiltered = filterCount(state) > 0 || state.search !== '';
  // Each step of typing replaces the one before it, so that going back leaves the search at once.
  const show = (next: ListState) => setParams(writeListState(next), { replace: next.search !== state.search });
  const isLater = !isFirstPage(state);
  // A page that became empty, because its last user was deleted or an old address was opened, is left for the first one.
  const isPastTheEnd = connection?.nodes.length === 0 && isLater && !fetching;
  useEffect(() => {
    if (isPastTheEnd) setParams(writeListState(changed(state, {})), { replace: true });
  });
  const page = connection?.nodes.map(({ id }) => id) ?? [];
  const { selection, select, rows } = useSelection(state, page);
  const isTurning = useTurnedPage(list, fetching);
  const turn = (next: ListState) => {
    isTurning.current = true;
    show(next);
  };

  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={1} size="h2">
            <Trans>Users</Trans>
          </Title>
          {viewer.role === 'ADMIN' && <ViewsMenu state={state} taste={taste} onChange={show} onTaste={setViewTaste} />}
        </Group>
        <Group gap="sm" data-screen-only>
          <ExportLink path={usersExportPath(state)} label={t`Export as CSV`} />
          <Button onClick={() => setDialog({ kind: 'invite' })} leftSection={<InviteIcon size={16} />}>
            <Trans>Invite user</Trans>
          </Button>
        </Group>
      </Group>
      <StatusTabs state={state} isTime={isTime} />
      <FilterBar state={state} taste={taste} offered={offered} onChange={show} onTaste={setTaste} />
      {state.asOf && <AsOfNotice asOf={state.asOf} onNow={() => show(changed(state, { asOf: '' }))} />}
      {state.delivery.includes('FAILED') && !state.asOf && (
        <Group>
          <ResendFailed seen={connection} onResent={refresh} />
        </Group>
      )}
      {error && (
        <Failed problem={problemOf(error)} onRetry={refresh} onFirst={isLater ? () => show(changed(state, {})) : undefined} />
      )}
      {!connection && !error && <TableSkeleton text={t`Loading the users …`} rows={Math.min(state.size, 12)} />}
      {connection && connection.nodes.length === 0 && (
        <Empty title={emptyTitle(state)} icon={UsersIcon}>
          {isFiltered && (
            <Button variant="default" onClick={() => show(withoutFilters(state))}>
              <Trans>Clear search and filters</Trans>
            </Button>
          )}
          {!isFiltered && !state.asOf && (
            <Trans>Invite the people who work with you. They get a mail with a link, and choose how they sign in.</Trans>
          )}
        </Empty>
      )}
      {connection && connection.nodes.length > 0 && (
        <div ref={list} tabIndex={-1} className={classes.list} aria-busy={fetching}>
          <UsersTable
            users={connection.nodes}
            viewerId={viewer.id}
            state={state}
            taste={taste}
            selection={rows}
            onChange={show}
            onTaste={setTaste}
            onOpen={setDialog}
          />
          <ListPager
            connection={connection}
            total={total}
            state={state}
            onGo={turn}
            onPage={async (page) => {
              if (!total) return;
              const next = await (await import('./jump')).jump(client, state, page, total).catch(() => null);
              if (next) turn(next);
              else notifyProblem(explain('UNREACHABLE', null));
            }}
          />
        </div>
      )}
      {rows && sizeOf(selection) > 0 && (
        <BulkBar
          selection={selection}
          onSelect={select}
          users={connection?.nodes ?? []}
          filter={toVariables(state).filter ?? {}}
          total={total}
          offered={offered}
          onChanged={refresh}
        />
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

/** After a page was turned, its head is in view. */
function useTurnedPage(list: React.RefObject<HTMLElement | null>, fetching: boolean) {
  const isTurning = useRef(false);
  useEffect(() => {
    if (!isTurning.current || fetching) return;
    isTurning.current = false;
    const top = list.current?.getBoundingClientRect().top ?? 0;
    if (top < 0) list.current?.scrollIntoView({ block: 'start' });
  });
  return isTurning;
}

function emptyTitle(state: ListState): string {
  if (filterCount(state) > 0 || state.search !== '') return t`No users match`;
  return state.asOf ? t`There were no users then` : t`There are no users yet`;
}
