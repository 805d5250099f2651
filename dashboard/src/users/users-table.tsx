import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { PersonCell } from '../ui/person-cell';
import { type Column, type RowSelection, Table } from '../ui/table';
import { Ago, Day } from '../ui/time';
import { word } from '../ui/words';
import type { ColumnId } from './columns';
import type { Dialog } from './dialog';
import { changed, type ListState, type Order, orderOf } from './list-state';
import { MethodIcons } from './method-icons';
import type { User } from './queries';
import { RowMenu } from './row-menu';
import { StatusChip } from './status-chip';
import { MAX_WIDTH, shownColumns, type Taste } from './taste';

interface Props {
  users: readonly User[];
  viewerId: string;
  state: ListState;
  taste: Taste;
  selection: RowSelection<User> | undefined;
  onChange: (state: ListState) => void;
  onTaste: (taste: Taste) => void;
  onOpen: (dialog: Dialog) => void;
}

/** A page of users. */
export function UsersTable({ users, viewerId, state, taste, selection, onChange, onTaste, onOpen }: Props) {
  const order = orderOf(state);
  const columns: Column<User>[] = shownColumns(taste).map((column) => ({
    ...column,
    label: i18n._(column.label),
    ...(column.id === 'email' ? { place: 'head' as const } : {}),
    cell: (user) => cell(column.id, user, viewerId),
  }));
  const actions: Column<User> = {
    id: 'actions',
    label: t`Actions`,
    width: 3.5,
    place: 'end',
    cell: (user) => <RowMenu user={user} onOpen={onOpen} />,
  };
  const resize = (id: string, width: number | null) => {
    const { [id as ColumnId]: _, ...widths } = taste.widths;
    onTaste({ ...taste, widths: width === null ? widths : { ...widths, [id]: width } });
  };
  return (
    <Table
      label={t`Users`}
      rows={users}
      columns={[...columns, actions]}
      order={{
        by: order.field,
        isUp: order.direction === 'ASC',
        onChange: (by, isUp) =>
          onChange(changed(state, { order: { field: by as Order['field'], direction: isUp ? 'ASC' : 'DESC' } })),
      }}
      selection={selection}
      resizing={{ max: MAX_WIDTH, onResize: resize }}
      pathOf={pathOf}
      isCompact={taste.isCompact}
      cardsBelow={55}
    />
  );
}

function pathOf(user: User): string {
  return `/users/${user.userId}`;
}

function cell(column: ColumnId, user: User, viewerId: string): ReactNode {
  switch (column) {
    case 'email':
      return <PersonCell user={user} href={pathOf(user)} note={user.userId === viewerId ? t`(you)` : undefined} />;
    case 'status':
      return <StatusChip user={user} />;
    case 'role':
      return word(user.role);
    case 'created':
      return <Day at={user.createdAt} isPlain />;
    case 'active':
      return user.lastActiveAt ? <Ago at={user.lastActiveAt} isPlain /> : '–';
    case 'methods':
      return <MethodIcons methods={user.authMethods} />;
  }
}
