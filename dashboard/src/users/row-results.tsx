import { Table, Text } from '@mantine/core';
import classes from './row-results.module.css';
import type { RowResult } from './use-invite-many';

/** What came of each row, those that are refused first. */
export function RowResults({ results, fine }: { results: RowResult[]; fine: string }) {
  const rows = results.map((result, index) => ({ ...result, line: index + 1 }));
  const ordered = [...rows.filter((row) => row.problem !== null), ...rows.filter((row) => row.problem === null)];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: where there are many, they must be scrolled without a mouse
    <section className={classes.results} aria-label="Result of each row" tabIndex={0}>
      <Table>
        <Table.Tbody>
          {ordered.map(({ line, email, problem }) => (
            <Table.Tr key={line}>
              <Table.Td className={classes.email}>{email || '(empty)'}</Table.Td>
              <Table.Td>
                <Text size="sm" c={problem ? 'red' : 'dimmed'}>
                  {problem ?? fine}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
