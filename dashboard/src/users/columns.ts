import type { UserOrderField } from '../gql/graphql';
import type { Hideable } from './list-state';

interface Column {
  id: 'email' | Hideable;
  label: string;
  /** What the list is ordered by, where it can be. */
  order?: UserOrderField;
}

/** The columns of the table, the actions not counted. */
export const COLUMNS: Column[] = [
  { id: 'email', label: 'Email', order: 'EMAIL' },
  { id: 'status', label: 'Status', order: 'STATUS' },
  { id: 'role', label: 'User role', order: 'ROLE' },
  { id: 'created', label: 'Created at', order: 'CREATED_AT' },
  { id: 'active', label: 'Last active', order: 'LAST_ACTIVE_AT' },
  { id: 'methods', label: 'Auth method(s)' },
];
