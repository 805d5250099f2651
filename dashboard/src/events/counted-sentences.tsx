// Several events of a kind as one sentence.
import { plural } from '@lingui/core/macro';
import { Plural, Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { EventType } from '../gql/graphql';
import type { Parts } from './sentences';

type Tell = (parts: Parts & { count: number }) => ReactNode;

const COUNTED: Partial<Record<EventType, Tell>> = {
  INVITED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You invited <Plural value={count} one="# person" other="# people" />
      </Trans>
    ) : (
      <Trans>
        {By} invited <Plural value={count} one="# person" other="# people" />
      </Trans>
    ),
  INVITATION_RESENT: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You sent <Plural value={count} one="# invitation again" other="# invitations again" />
      </Trans>
    ) : (
      <Trans>
        {By} sent <Plural value={count} one="# invitation again" other="# invitations again" />
      </Trans>
    ),
  ROLE_CHANGED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You changed the role of <Plural value={count} one="# user" other="# users" />
      </Trans>
    ) : (
      <Trans>
        {By} changed the role of <Plural value={count} one="# user" other="# users" />
      </Trans>
    ),
  AUTH_METHODS_CHANGED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You changed the login methods of <Plural value={count} one="# user" other="# users" />
      </Trans>
    ) : (
      <Trans>
        {By} changed the login methods of <Plural value={count} one="# user" other="# users" />
      </Trans>
    ),
  DEACTIVATED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You deactivated <Plural value={count} one="# user" other="# users" />
      </Trans>
    ) : (
      <Trans>
        {By} deactivated <Plural value={count} one="# user" other="# users" />
      </Trans>
    ),
  ACTIVATED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You activated <Plural value={count} one="# user" other="# users" />
      </Trans>
    ) : (
      <Trans>
        {By} activated <Plural value={count} one="# user" other="# users" />
      </Trans>
    ),
  DELETED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You deleted <Plural value={count} one="# user" other="# users" />
      </Trans>
    ) : (
      <Trans>
        {By} deleted <Plural value={count} one="# user" other="# users" />
      </Trans>
    ),
  ERASED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You erased the personal data of <Plural value={count} one="# user" other="# users" />
      </Trans>
    ) : (
      <Trans>
        {By} erased the personal data of <Plural value={count} one="# user" other="# users" />
      </Trans>
    ),
  SESSION_STARTED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You signed in <Plural value={count} one="# time" other="# times" />
      </Trans>
    ) : (
      <Trans>
        {By} signed in <Plural value={count} one="# time" other="# times" />
      </Trans>
    ),
  SESSION_ENDED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You ended <Plural value={count} one="# session" other="# sessions" />
      </Trans>
    ) : (
      <Trans>
        {By} ended <Plural value={count} one="# session" other="# sessions" />
      </Trans>
    ),
  API_KEY_REVOKED: ({ By, isYou, count }) =>
    isYou ? (
      <Trans>
        You revoked <Plural value={count} one="# API key" other="# API keys" />
      </Trans>
    ) : (
      <Trans>
        {By} revoked <Plural value={count} one="# API key" other="# API keys" />
      </Trans>
    ),
  MAIL_SENT: ({ told, count }) =>
    told.includes('invitation')
      ? plural(count, { one: '# invitation mail was sent', other: '# invitation mails were sent' })
      : plural(count, { one: '# mail was sent', other: '# mails were sent' }),
  MAIL_FAILED: ({ count }) => plural(count, { one: '# mail failed', other: '# mails failed' }),
};

const CHANGED: Tell = ({ By, isYou, count }) =>
  isYou ? (
    <Trans>
      You changed <Plural value={count} one="# user" other="# users" />
    </Trans>
  ) : (
    <Trans>
      {By} changed <Plural value={count} one="# user" other="# users" />
    </Trans>
  );

/** How many of a type there were; of several types, how many users were changed. Null for a type that is not counted. */
export function countedSentenceOf(type: EventType | null, parts: Parts, count: number): ReactNode {
  const tell = type === null ? CHANGED : COUNTED[type];
  return tell ? tell({ ...parts, count }) : null;
}
