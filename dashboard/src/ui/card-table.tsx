import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './card-table.module.css';

interface Column<R> {
  label: string;
  /** Where the content does not decide, such as `9rem`. */
  width?: string;
  cell: (row: R) => ReactNode;
}

interface Props<R> {
  /** What is in it, for screen readers. */
  label: string;
  columns: Column<R>[];
  rows: readonly R[];
}

/** A table. On narrow screens each row is a card; the roles keep it a table for screen readers. */
export function CardTable<R extends { id: string }>({ label, columns, rows }: Props<R>) {
  return (
    <Table role="table" aria-label={label} className={classes.table}>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {columns.map((column) => (
            <Table.Th key={column.label} role="columnheader" scope="col" {...(column.width ? { w: column.width } : {})}>
              {column.label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map((row) => (
          <Table.Tr key={row.id} role="row">
            {columns.map((column) => (
              <Table.Td key={column.label} role="cell" data-label={column.label}>
                <span>{column.cell(row)}</span>
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
