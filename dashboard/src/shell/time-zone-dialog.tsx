import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { browserZone, chooseZone, chosenZone, zoneName } from '../ui/time-zone';
import { useFocusReturn } from '../ui/use-focus-return';

const OF_BROWSER = 'browser';
const SHOWN_AT_ONCE = 30;

/** Chooses the zone of all times that the pages show. */
export default function TimeZoneDialog({ onClose }: { onClose: () => void }) {
  useFocusReturn();
  const [zone, setZone] = useState(chosenZone() ?? OF_BROWSER);
  const own = zoneName(browserZone());
  const named = Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC');
  const data = [
    { value: OF_BROWSER, label: t`As in this browser (${own})` },
    ...['UTC', ...named].map((name) => ({ value: name, label: zoneName(name) })),
  ];
  return (
    <Modal opened onClose={onClose} title={t`Time zone`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          chooseZone(zone === OF_BROWSER ? null : zone);
        }}
      >
        <Stack>
          <Select
            label={t`Show all times in`}
            description={t`Dates that you type are in this zone, too. Exports have UTC. The choice holds in this browser.`}
            data={data}
            limit={SHOWN_AT_ONCE}
            value={zone}
            onChange={(value) => setZone(value ?? OF_BROWSER)}
            searchable
            nothingFoundMessage={t`No such zone`}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit">
              <Trans>Change time zone</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
