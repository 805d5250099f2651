import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
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
        <Group gap="md">
          <Anchor component={Link} href={comparePath(asOf)} size="sm">
            Compare with now
          </Anchor>
          <Button size="xs" variant="default" onClick={onNow}>
            Back to now
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
