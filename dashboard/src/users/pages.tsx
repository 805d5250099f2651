import { Button, Group, Select, Text } from '@mantine/core';
import type { UsersQuery } from '../gql/graphql';
import { type Counted, countOf } from '../ui/count';
import { changed, type ListState, PAGE_SIZES } from './list-state';

interface Props {
  connection: NonNullable<UsersQuery['users']>;
  /** How many users there are on all pages, once they are counted. */
  total: Counted | undefined;
  state: ListState;
  onChange: (state: ListState) => void;
}

/** How many there are, and the way to the other pages. */
export function Pages({ connection, total, state, onChange }: Props) {
  const { nodes, pageInfo } = connection;
  const go = (change: Partial<ListState>) => onChange(changed(state, change));
  return (
    <Group justify="space-between" component="nav" aria-label="Pages">
      <Text size="sm" c="dimmed" role="status">
        {nodes.length} of {total ? countOf(total, 'user', 'users', nodes.length) : '… users'}
      </Text>
      <Group gap="xs">
        <Select
          aria-label="Users on a page"
          data={PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} a page` }))}
          value={String(state.size)}
          onChange={(value) => go({ size: Number(value) })}
          w={115}
        />
        <Button variant="default" px="sm" disabled={!pageInfo.hasPreviousPage} onClick={() => go({})}>
          First
        </Button>
        <Button
          variant="default"
          px="sm"
          disabled={!pageInfo.hasPreviousPage}
          onClick={() => go({ before: pageInfo.startCursor ?? null })}
        >
          Previous
        </Button>
        <Button
          variant="default"
          px="sm"
          disabled={!pageInfo.hasNextPage}
          onClick={() => go({ after: pageInfo.endCursor ?? null })}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}
