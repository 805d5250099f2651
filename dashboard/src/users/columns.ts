import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { UserOrderField } from '../gql/graphql';

export type ColumnId = 'email' | 'status' | 'role' | 'created' | 'active' | 'methods';

export interface ListColumn {
  id: ColumnId;
  label: MessageDescriptor;
  /** In rem. The first column takes the width that the others leave. */
  width?: number | undefined;
  /** In rem: what its content needs to stand in one line. */
  min?: number | undefined;
  /** What the list is ordered by, where it can be. */
  order?: UserOrderField;
}

/** The columns of the list, the actions not counted. */
export const COLUMNS: ListColumn[] = [
  { id: 'email', label: msg`Email`, order: 'EMAIL' },
  { id: 'status', label: msg`Status`, order: 'STATUS', width: 11.5, min: 10 },
  { id: 'role', label: msg`User role`, order: 'ROLE', width: 5.75, min: 5.5 },
  { id: 'created', label: msg`Created at`, order: 'CREATED_AT', width: 7.5, min: 7 },
  { id: 'active', label: msg`Last active`, order: 'LAST_ACTIVE_AT', width: 8, min: 7.5 },
  { id: 'methods', label: msg`Login`, width: 4.75, min: 4.5 },
];

/** Columns that can be hidden; the address and the actions always show. */
export const HIDEABLE = COLUMNS.filter(({ id }) => id !== 'email');
