import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { weekday } from '../ui/dates';
import { number } from '../ui/formats';
import { NextIcon } from '../ui/icons';
import { TimeOfDay } from '../ui/time';
import { EventDetails } from './event-details';
import classes from './events.module.css';
import { type Line, linesByDay } from './fold';
import { CountedSentence, Sentence } from './sentences';
import type { LogEvent } from './shown-event';

interface Props {
  events: readonly LogEvent[];
  /** The level of the headings of days. */
  level?: 2 | 3;
}

/** Events by day, each a line: when, who did what to whom, and from where. A line opens its details. */
export function EventList({ events, level = 2 }: Props) {
  const Heading = `h${level}` as const;
  return (
    <div className={classes.log}>
      {linesByDay(events).map(({ day, lines }) => (
        <section key={day} className={classes.day} aria-labelledby={`day-${day}`}>
          <Heading id={`day-${day}`} className={classes.heading}>
            {weekday(day)}
          </Heading>
          <ol className={classes.lines}>
            {lines.map((line) =>
              line.events.length > 1 ? <Fold key={line.id} line={line} /> : <Row key={line.id} event={line.events[0]} />,
            )}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Row({ event }: { event: LogEvent }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <Toggle isOpen={isOpen} label="Details" onToggle={() => setIsOpen(!isOpen)} />
        <TimeOfDay at={event.at} />
        <span className={classes.sentence}>
          <Sentence event={event} />
        </span>
        {event.address && <span className={classes.from}>from {event.address}</span>}
      </div>
      {isOpen && <EventDetails event={event} />}
    </li>
  );
}

/** Several events as one line, which opens into them. */
function Fold({ line: { events } }: { line: Line<LogEvent> }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <Toggle isOpen={isOpen} label={`Show all ${number(events.length)}`} onToggle={() => setIsOpen(!isOpen)} />
        <TimeOfDay at={events[0].at} />
        <span className={classes.sentence}>
          <CountedSentence events={events} />
        </span>
      </div>
      {isOpen && (
        <ol className={classes.inner}>
          {events.map((event) => (
            <Row key={event.id} event={event} />
          ))}
        </ol>
      )}
    </li>
  );
}

function Toggle({ isOpen, label, onToggle }: { isOpen: boolean; label: string; onToggle: () => void }) {
  return (
    <UnstyledButton className={classes.toggle} aria-expanded={isOpen} aria-label={label} title={label} onClick={onToggle}>
      <NextIcon size={16} />
    </UnstyledButton>
  );
}
