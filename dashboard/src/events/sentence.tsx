import { Trans } from '@lingui/react/macro';
import { countedSentenceOf } from './counted-sentences';
import { isOfOneType, mainEvents } from './fold';
import { sentenceOf, useParts } from './sentences';
import { isUndo, type LogEvent } from './shown-event';

/** One event as a sentence. */
export function Sentence({ event }: { event: LogEvent }) {
  const sentence = sentenceOf(event.type, useParts(event));
  return isUndo(event) ? <Trans>{sentence}, to undo an earlier change</Trans> : sentence;
}

/** Several events of a kind as one sentence. */
export function CountedSentence({ events }: { events: readonly [LogEvent, ...LogEvent[]] }) {
  const parts = useParts(events[0]);
  return countedSentenceOf(events[0].type, parts, events.length) ?? <Sentence event={events[0]} />;
}

/** What one operation did, as one sentence. */
export function OperationSentence({ events }: { events: readonly [LogEvent, ...LogEvent[]] }) {
  const main = mainEvents(events);
  const parts = useParts(main[0]);
  const people = new Set(main.map(({ id, user }) => user?.id ?? id)).size;
  if (main.length === 1) return <Sentence event={main[0]} />;
  const sentence = isOfOneType(main) ? <CountedSentence events={main} /> : countedSentenceOf(null, parts, people);
  return isUndo(main[0]) ? <Trans>{sentence}, to undo an earlier change</Trans> : sentence;
}
