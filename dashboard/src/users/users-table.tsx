import { Table, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { DownIcon, UpIcon } from '../ui/icons';
import { Ago, Moment } from '../ui/time';
import { word } from '../ui/words';
import { COLUMNS } from './columns';
import { changed, type ListState } from './list-state';
import { MethodIcons } from './method-icons';
import type { User } from './queries';
import { RowMenu, type UserDialog } from './row-menu';
import { StatusChip } from './status-chip';
import classes from './users-table.module.css';

interface Props {
  users: User[];
  viewerId: string;
  state: ListState;
  onChange: (state: ListState) => void;
  onOpen: (dialog: UserDialog, user: User) => void;
}

/** A page of users. On narrow screens each row is a card; the roles keep it a table for screen readers. */
export function UsersTable({ users, viewerId, state, onChange, onOpen }: Props) {
  const columns = COLUMNS.filter(({ id }) => id === 'email' || !state.hidden.includes(id));
  return (
    <Table role="table" className={classes.table} highlightOnHover>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {columns.map(({ id, label, order }) =>
            order ? (
              <OrderHead key={id} label={label} order={order} state={state} onChange={onChange} />
            ) : (
              <Table.Th key={id} role="columnheader" scope="col">
                {label}
              </Table.Th>
            ),
          )}
          <Table.Th role="columnheader" scope="col" className={classes.actions}>
            Actions
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {users.map((user) => (
          <Table.Tr key={user.id} role="row">
            {columns.map(({ id, label }) => (
              <Table.Td key={id} role="cell" data-label={label} data-column={id}>
                {cell(id, user, viewerId)}
              </Table.Td>
            ))}
            <Table.Td role="cell" className={classes.actions}>
              <RowMenu user={user} onOpen={(dialog) => onOpen(dialog, user)} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface HeadProps {
  label: string;
  order: ListState['orderBy'];
  state: ListState;
  onChange: (state: ListState) => void;
}

function OrderHead({ label, order, state, onChange }: HeadProps) {
  const isOrdered = state.orderBy === order;
  const isUp = state.direction === 'ASC';
  const next = isOrdered && isUp ? 'DESC' : 'ASC';
  return (
    <Table.Th role="columnheader" scope="col" aria-sort={isOrdered ? (isUp ? 'ascending' : 'descending') : 'none'}>
      <UnstyledButton className={classes.head} onClick={() => onChange(changed(state, { orderBy: order, direction: next }))}>
        {label}
        <span className={classes.arrow} data-shown={isOrdered || undefined}>
          {isOrdered && !isUp ? <DownIcon size={14} /> : <UpIcon size={14} />}
        </span>
      </UnstyledButton>
    </Table.Th>
  );
}

function cell(column: (typeof COLUMNS)[number]['id'], user: User, viewerId: string): ReactNode {
  switch (column) {
    case 'email':
      return (
        <>
          <Link href={`/users/${user.userId}`}>
            <bdi>{user.email ?? 'Erased'}</bdi>
          </Link>
          {user.userId === viewerId && ' (you)'}
          {user.name && (
            <Text size="xs" c="dimmed">
              <bdi>{user.name}</bdi>
            </Text>
          )}
        </>
      );
    case 'status':
      return <StatusChip user={user} />;
    case 'role':
      return word(user.role);
    case 'created':
      return <Moment at={user.createdAt} />;
    case 'active':
      return user.lastActiveAt ? <Ago at={user.lastActiveAt} /> : <Text c="dimmed">–</Text>;
    case 'methods':
      return <MethodIcons methods={user.authMethods} />;
  }
}
