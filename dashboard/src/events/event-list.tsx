import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { UndoTarget } from '../gql/graphql';
import { weekday } from '../ui/dates';
import { number } from '../ui/formats';
import { NextIcon } from '../ui/icons';
import { lazyPart } from '../ui/lazy-part';
import { TimeOfDay } from '../ui/time';
import { EventDetails } from './event-details';
import classes from './events.module.css';
import { type Line, linesByDay } from './fold';
import { CountedSentence, OperationSentence, Sentence } from './sentence';
import type { LogEvent } from './shown-event';

interface Props {
  events: readonly LogEvent[];
  /** The level of the headings of days. */
  level?: 2 | 3;
}

const UndoDialog = lazyPart(() => import('../bulk/undo-dialog'), { onFailed: ({ onClose }) => onClose() });

/** Events by day, each a line: when, who did what to whom, and from where. A line opens its details; what can be undone has a button. */
export function EventList({ events, level = 2 }: Props) {
  const Heading = `h${level}` as const;
  const [undoing, setUndoing] = useState<Undoing | null>(null);
  return (
    <div className={classes.log}>
      {linesByDay(events).map(({ day, lines }) => (
        <section key={day} className={classes.day} aria-labelledby={`day-${day}`}>
          <Heading id={`day-${day}`} className={classes.heading}>
            {weekday(day)}
          </Heading>
          <ol className={classes.lines}>
            {lines.map((line) =>
              line.events.length > 1 ? (
                <Fold key={line.id} line={line} onUndo={setUndoing} />
              ) : (
                <Row key={line.id} event={line.events[0]} onUndo={setUndoing} />
              ),
            )}
          </ol>
        </section>
      ))}
      {undoing && <UndoDialog {...undoing} onClose={() => setUndoing(null)} />}
    </div>
  );
}

/** What is to be undone, and the events that are known of it. */
interface Undoing {
  target: UndoTarget;
  events: readonly LogEvent[];
}

function Row({ event, onUndo }: { event: LogEvent; onUndo: (undoing: Undoing) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const { address } = event;
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <Toggle isOpen={isOpen} label={t`Details`} onToggle={() => setIsOpen(!isOpen)} />
        <TimeOfDay at={event.at} />
        <span className={classes.sentence}>
          <Sentence event={event} />
        </span>
        {event.address && (
          <span className={classes.from}>
            <Trans>from {address}</Trans>
          </span>
        )}
        {event.canUndo.allowed && <UndoButton onClick={() => onUndo({ target: { eventId: event.id }, events: [event] })} />}
      </div>
      {isOpen && <EventDetails event={event} />}
    </li>
  );
}

/** Several events as one line, which opens into them. */
function Fold({ line: { events }, onUndo }: { line: Line<LogEvent>; onUndo: (undoing: Undoing) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const { operationId } = events[0];
  const count = number(events.length);
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <Toggle isOpen={isOpen} label={t`Show all ${count}`} onToggle={() => setIsOpen(!isOpen)} />
        <TimeOfDay at={events[0].at} />
        <span className={classes.sentence}>
          {operationId ? <OperationSentence events={events} /> : <CountedSentence events={events} />}
        </span>
        {operationId && events.some(({ canUndo }) => canUndo.allowed) && (
          <UndoButton onClick={() => onUndo({ target: { operationId }, events })} />
        )}
      </div>
      {isOpen && (
        <ol className={classes.inner}>
          {events.map((event) => (
            <Row key={event.id} event={event} onUndo={onUndo} />
          ))}
        </ol>
      )}
    </li>
  );
}

function UndoButton({ onClick }: { onClick: () => void }) {
  return (
    <Button variant="subtle" size="compact-sm" className={classes.undo} data-screen-only onClick={onClick}>
      <Trans>Undo</Trans>
    </Button>
  );
}

function Toggle({ isOpen, label, onToggle }: { isOpen: boolean; label: string; onToggle: () => void }) {
  return (
    <UnstyledButton className={classes.toggle} aria-expanded={isOpen} aria-label={label} title={label} onClick={onToggle}>
      <NextIcon size={16} />
    </UnstyledButton>
  );
}
