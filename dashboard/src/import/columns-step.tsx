import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import type { Columns } from './headings';
import classes from './import.module.css';
import type { Sheet } from './sheet';

/** How many rows are shown as samples. */
const SAMPLES = 4;
const NONE = 'none';

interface Props {
  sheet: Sheet;
  columns: Columns;
  onChange: (columns: Columns) => void;
  onBack: () => void;
  onNext: () => void;
}

/** What the columns of a table are, as the user says. The samples show what is in them. */
export function ColumnsStep({ sheet, columns, onChange, onBack, onNext }: Props) {
  const names = columnNames(sheet);
  const data = names.map((label, index) => ({ value: String(index), label }));
  const choice = (key: keyof Columns) => ({
    value: columns[key] === null ? NONE : String(columns[key]),
    onChange: (value: string | null) => onChange({ ...columns, [key]: value === null || value === NONE ? null : Number(value) }),
  });
  const use = (index: number) => {
    if (index === columns.address) return t`Email`;
    if (index === columns.role) return t`Role`;
    return index === columns.methods ? t`Login methods` : null;
  };
  // Those in use come first: of a wide table, the others may be out of sight.
  const indexes = names.map((_, index) => index);
  const order = [...indexes.filter((index) => use(index) !== null), ...indexes.filter((index) => use(index) === null)];
  return (
    <Stack>
      {columns.address === null && (
        <Text size="sm">
          <Trans>Which column holds the email addresses? It could not be told from the headings.</Trans>
        </Text>
      )}
      <Group grow align="flex-start" className={classes.choices}>
        <Select
          label={t`Email`}
          data-first-of="columns"
          data={[{ value: NONE, label: t`Choose a column` }, ...data]}
          {...choice('address')}
        />
        <Select label={t`Role`} data={[{ value: NONE, label: t`Not in this file` }, ...data]} {...choice('role')} />
        <Select label={t`Login methods`} data={[{ value: NONE, label: t`Not in this file` }, ...data]} {...choice('methods')} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrolled without a mouse */}
      <section className={classes.samples} aria-label={t`The first rows`} tabIndex={0}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {order.map((index) => (
                <Table.Th key={index} scope="col" data-used={use(index) !== null || undefined}>
                  {names[index]}
                  {use(index) && (
                    <Text size="xs" c="dimmed">
                      {use(index)}
                    </Text>
                  )}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sheet.rows.slice(0, SAMPLES).map((row) => (
              <Table.Tr key={row.line}>
                {order.map((index) => (
                  <Table.Td key={index} data-used={use(index) !== null || undefined}>
                    <bdi>{row.cells[index]}</bdi>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <div className={classes.footer}>
        <Button variant="default" onClick={onBack}>
          <Trans>Back</Trans>
        </Button>
        <Button disabled={columns.address === null} onClick={onNext}>
          <Trans>Preview</Trans>
        </Button>
      </div>
    </Stack>
  );
}

/** What the columns are called: by their headings, else by their numbers. */
export function columnNames({ headings, rows }: Sheet): string[] {
  const width = Math.max(headings?.length ?? 0, ...rows.slice(0, 100).map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, index) => headings?.[index] || columnName(index + 1));
}

function columnName(position: number): string {
  return t`Column ${position}`;
}
