import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { explain } from '../api/problems';
import { typeWord } from '../audit_log/event-types';
import { exact, utc } from '../ui/dates';
import { wordOrText } from '../ui/words';
import classes from './events.module.css';
import type { LogEvent } from './shown-event';
import { toldOf } from './told';

const FIELDS: Record<string, MessageDescriptor> = {
  role: msg`Role`,
  authMethods: msg`Login methods`,
  name: msg`Name`,
  invitationHours: msg`Hours that invitations work`,
};

/** All that is known of an event. */
export function EventDetails({ event: { at, summary, changes, address, requestId, type, canUndo } }: { event: LogEvent }) {
  return (
    <dl className={classes.details}>
      <Detail label={t`When`}>{exact(at).endsWith('UTC') ? exact(at) : `${exact(at)} · ${utc(at)}`}</Detail>
      <Detail label={t`What`}>{typeWord(type)}</Detail>
      <Detail label={t`In words`}>{`${toldOf(summary)}.`}</Detail>
      {changes.map(({ field, from, to }) => (
        <Detail key={field} label={FIELDS[field] ? i18n._(FIELDS[field]) : field}>
          {from && (
            <>
              <bdi>{wordOrText(from)}</bdi> →{' '}
            </>
          )}
          <bdi>{to ? wordOrText(to) : '–'}</bdi>
        </Detail>
      ))}
      {address && <Detail label={t`IP address`}>{address}</Detail>}
      {canUndo.code === 'CHANGED_SINCE' && <Detail label={t`Undo`}>{explain(canUndo.code, canUndo.message)}</Detail>}
      {requestId && (
        <Detail label={t`Request`}>
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
