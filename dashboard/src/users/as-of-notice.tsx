import { Trans } from '@lingui/react/macro';
import { Alert, Button, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { comparePath } from '../compare/compare-state';
import { instantOf } from '../ui/dates';
import { Moment } from '../ui/time';
import { zoneName } from '../ui/time-zone';

/** Says that the list is one of the past, and leads back. */
export function AsOfNotice({ asOf, onNow }: { asOf: string; onNow: () => void }) {
  const zone = zoneName();
  return (
    <Alert color="blue" role="status">
      <Group justify="space-between">
        <Text size="sm">
          <Trans>
            These are the users as they were on <Moment at={instantOf(asOf) ?? ''} /> ({zone}). Nothing can be changed there.
          </Trans>
        </Text>
        <Group gap="xs">
          <Button component={Link} href={comparePath(asOf)} size="xs" variant="default">
            <Trans>Compare with now</Trans>
          </Button>
          <Button size="xs" variant="default" onClick={onNow}>
            <Trans>Back to now</Trans>
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
