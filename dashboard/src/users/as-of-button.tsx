import { i18n } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Popover, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { absolute, instantOf, minuteOf } from '../ui/dates';
import { ClockIcon } from '../ui/icons';
import { serverNow } from '../ui/server-clock';
import { ZoneNote } from '../ui/zone-note';
import classes from './filter-bar.module.css';

const DAY_MILLISECONDS = 24 * 3_600_000;

const CHOICES = [
  { label: msg`A day ago`, days: 1 },
  { label: msg`A week ago`, days: 7 },
  { label: msg`A month ago`, days: 30 },
];

/** Chooses the moment that the list shows: now, or one of the past. */
export function AsOfButton({ asOf, onChange }: { asOf: string; onChange: (asOf: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const instant = instantOf(asOf);
  const moment = instant ? absolute(instant) : '';
  const choose = (text: string) => {
    setIsOpen(false);
    onChange(text);
  };
  return (
    <Popover position="bottom-end" shadow="md" trapFocus opened={isOpen} onChange={setIsOpen}>
      <Popover.Target>
        <Button
          variant={instant ? 'light' : 'default'}
          size="sm"
          px="sm"
          leftSection={<ClockIcon size={16} />}
          onClick={() => setIsOpen(!isOpen)}
          title={t`Show the list as it was at a moment of the past`}
        >
          {instant ? t`As of ${moment}` : t`As of now`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown data-in-address>
        <div className={classes.choices}>
          <Text size="sm" fw={600}>
            <Trans>Show the list as it was</Trans>
          </Text>
          {CHOICES.map(({ label, days }) => (
            <Button
              key={label.id}
              variant="default"
              size="xs"
              onClick={() => choose(minuteOf(new Date(serverNow() - days * DAY_MILLISECONDS)))}
            >
              {i18n._(label)}
            </Button>
          ))}
          <TextInput type="datetime-local" label={t`As of`} value={asOf} onChange={(event) => onChange(event.target.value)} />
          <ZoneNote />
          {instant && (
            <Button size="xs" onClick={() => choose('')}>
              <Trans>Back to now</Trans>
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
