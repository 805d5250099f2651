import { Alert, Button, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { comparePath } from '../compare/compare-state';
import { instantOf } from '../ui/dates';
import { Moment } from '../ui/time';

/** Says that the list is one of the past, and leads back. */
export function AsOfNotice({ asOf, onNow }: { asOf: string; onNow: () => void }) {
  return (
    <Alert color="blue" role="status">
      <Group justify="space-between">
        <Text size="sm">
          These are the users as they were on <Moment at={instantOf(asOf) ?? ''} />. Nothing can be changed there.
        </Text>
        <Group gap="xs">
          <Button component={Link} href={comparePath(asOf)} size="xs" variant="default">
            Compare with now
          </Button>
          <Button size="xs" variant="default" onClick={onNow}>
            Back to now
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
