import { t } from '@lingui/core/macro';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { number } from '../ui/formats';
import { Pager } from '../ui/pager';
import { Table } from '../ui/table';
import { methodWord } from '../ui/words';
import classes from './import.module.css';
import type { Person } from './people';
import type { Method } from './role-words';
import { problemText, roleText } from './texts';

const PAGE = 100;

type View = 'all' | 'problems' | 'admins';

interface Props {
  people: readonly Person[];
  offered: readonly Method[];
  /** What is said of rows without a problem. */
  fine: string;
  /** Whether some of the rows can be shown alone. */
  hasViews?: boolean;
}

/** The rows, all or some of them, page by page. */
export function ReviewTable({ people, offered, fine, hasViews = false }: Props) {
  const [view, setView] = useState<View>('all');
  const [page, setPage] = useState(0);
  const rows = people.map((person, index) => ({ ...person, id: String(index) }));
  const views: { id: View; label: string; rows: typeof rows }[] = [
    { id: 'all', label: t`All`, rows },
    { id: 'problems', label: t`Problems`, rows: rows.filter(({ problem }) => problem !== null) },
    { id: 'admins', label: t`Admins`, rows: rows.filter(({ role, problem }) => role === 'ADMIN' && problem === null) },
  ];
  const shown = views.find(({ id }) => id === view)?.rows ?? rows;
  const first = Math.min(page, Math.max(Math.ceil(shown.length / PAGE) - 1, 0)) * PAGE;
  const some = shown.slice(first, first + PAGE);
  const show = (next: View) => {
    setView(next);
    setPage(0);
  };
  return (
    <div>
      {hasViews && (
        <Group gap={4} mb="xs">
          {views.map(({ id, label, rows: of }) => (
            <Button
              key={id}
              size="xs"
              variant={id === view ? 'light' : 'subtle'}
              color={id === view ? 'blue' : 'gray'}
              aria-pressed={id === view}
              onClick={() => show(id)}
            >
              {label} {number(of.length)}
            </Button>
          ))}
        </Group>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: many rows must be scrolled without a mouse */}
      <section className={classes.rows} aria-label={t`Every row`} tabIndex={0}>
        {some.length === 0 && (
          <Text c="dimmed" p="md">
            {view === 'admins' ? t`No one becomes an admin.` : t`There are no rows with problems.`}
          </Text>
        )}
        {some.length > 0 && (
          <Table
            isCompact
            cardsBelow={36}
            label={t`Rows`}
            rows={some}
            columns={[
              { label: t`Line`, width: 4.5, cell: ({ line }) => number(line) },
              { label: t`Email`, place: 'head', cell: ({ address }) => <bdi>{address || '–'}</bdi> },
              {
                label: t`Role`,
                width: 6,
                cell: (person) => (
                  <Text span inherit fw={person.role === 'ADMIN' ? 700 : undefined}>
                    {roleText(person)}
                  </Text>
                ),
              },
              {
                label: t`Login with`,
                width: 11,
                cell: ({ methods }) => methods.map((id) => labelOf(id, offered)).join(', '),
              },
              {
                label: t`Result`,
                width: 17,
                cell: ({ problem }) => (
                  <Text span size="sm" c={problem ? 'var(--roster-red-text)' : 'dimmed'}>
                    {problem ? problemText(problem) : fine}
                  </Text>
                ),
              },
            ]}
          />
        )}
      </section>
      {shown.length > PAGE && (
        <Pager
          what={t`rows`}
          from={first + 1}
          shown={some.length}
          total={{ count: shown.length, precision: 'EXACT' }}
          onFirst={first === 0 ? undefined : () => setPage(0)}
          onPrevious={first === 0 ? undefined : () => setPage(first / PAGE - 1)}
          onNext={first + PAGE >= shown.length ? undefined : () => setPage(first / PAGE + 1)}
          onLast={first + PAGE >= shown.length ? undefined : () => setPage(Math.ceil(shown.length / PAGE) - 1)}
        />
      )}
    </div>
  );
}

function labelOf(id: string, offered: readonly Method[]): string {
  const method = offered.find((one) => one.id === id);
  return method ? methodWord(method) : id;
}
