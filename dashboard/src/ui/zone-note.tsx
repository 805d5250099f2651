import { Trans } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { zoneName } from './time-zone';

/** Names the zone of the times beside it. */
export function ZoneNote() {
  const zone = zoneName();
  return (
    <Text size="xs" c="dimmed" component="span">
      <Trans>
        Times in <bdi translate="no">{zone}</bdi>
      </Trans>
    </Text>
  );
}
