import type { ReactNode } from 'react';
import { explain } from '../api/problems';
import { exact, utc } from '../ui/dates';
import { word, wordOrText } from '../ui/words';
import classes from './events.module.css';
import type { LogEvent } from './shown-event';

const FIELDS: Record<string, string> = {
  role: 'Role',
  authMethods: 'Login methods',
  name: 'Name',
  invitationHours: 'Hours that invitations work',
};

/** All that is known of an event. */
export function EventDetails({ event: { at, summary, changes, address, requestId, type, canUndo } }: { event: LogEvent }) {
  return (
    <dl className={classes.details}>
      <Detail label="When">{exact(at).endsWith('UTC') ? exact(at) : `${exact(at)} · ${utc(at)}`}</Detail>
      <Detail label="What">{word(type)}</Detail>
      <Detail label="In words">{summary}</Detail>
      {changes.map(({ field, from, to }) => (
        <Detail key={field} label={FIELDS[field] ?? field}>
          {from && (
            <>
              <bdi>{wordOrText(from)}</bdi> →{' '}
            </>
          )}
          <bdi>{to ? wordOrText(to) : '–'}</bdi>
        </Detail>
      ))}
      {address && <Detail label="IP address">{address}</Detail>}
      {canUndo.code === 'CHANGED_SINCE' && <Detail label="Undo">{explain(canUndo.code, canUndo.message)}</Detail>}
      {requestId && (
        <Detail label="Request">
          <code>{requestId}</code>
        </Detail>
      )}
    </dl>
  );
}

function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
