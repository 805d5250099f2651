import { Button, Popover, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { absolute, instantOf, minuteOf } from '../ui/dates';
import { ClockIcon } from '../ui/icons';
import { serverNow } from '../ui/server-clock';
import classes from './filter-bar.module.css';

const DAY_MILLISECONDS = 24 * 3_600_000;

const CHOICES = [
  { label: 'A day ago', days: 1 },
  { label: 'A week ago', days: 7 },
  { label: 'A month ago', days: 30 },
];

/** Chooses the moment that the list shows: now, or one of the past. */
export function AsOfButton({ asOf, onChange }: { asOf: string; onChange: (asOf: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const instant = instantOf(asOf);
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
          title="Show the list as it was at a moment of the past"
        >
          {instant ? `As of ${absolute(instant)}` : 'As of now'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown data-in-address>
        <div className={classes.choices}>
          <Text size="sm" fw={600}>
            Show the list as it was
          </Text>
          {CHOICES.map(({ label, days }) => (
            <Button
              key={label}
              variant="default"
              size="xs"
              onClick={() => choose(minuteOf(new Date(serverNow() - days * DAY_MILLISECONDS)))}
            >
              {label}
            </Button>
          ))}
          <TextInput type="datetime-local" label="As of" value={asOf} onChange={(event) => onChange(event.target.value)} />
          {instant && (
            <Button size="xs" onClick={() => choose('')}>
              Back to now
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
