// What happened, as sentences that name who did it and to whom. A type without a sentence here is told in the words of the server.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { EventType } from '../gql/graphql';
import { languageName } from '../language/languages';
import { useViewer } from '../session/session';
import { Actor } from '../ui/actor';
import { Person } from '../ui/person';
import { wordOrText } from '../ui/words';
import type { LogEvent } from './shown-event';
import { toldOf } from './told';

/** What a sentence is made of. Sentences about the viewer are written apart: other languages have other verbs for them. */
export interface Parts {
  /** Who did it, at the beginning of a sentence and within one. */
  By: ReactNode;
  by: ReactNode;
  /** Whether the viewer did it. */
  isYou: boolean;
  /** Whom it is about, at the beginning of a sentence and as its object. */
  Whom: ReactNode;
  whom: ReactNode;
  /** Whether both are the same person. */
  isOwn: boolean;
  /** Whether it is about the viewer. */
  isYours: boolean;
  /** One side of a change, in words. */
  from: string;
  to: string;
  /** The sentence of the server, without its full stop. */
  told: string;
}

type Tell = (parts: Parts) => ReactNode;

const OF_USERS: Partial<Record<EventType, Tell>> = {
  INVITED: ({ By, isYou, whom, to }) =>
    isYou ? (
      <Trans>
        You invited {whom} as {to}
      </Trans>
    ) : (
      <Trans>
        {By} invited {whom} as {to}
      </Trans>
    ),
  INVITATION_RESENT: ({ By, isYou, whom }) =>
    isYou ? (
      <Trans>You sent the invitation of {whom} again</Trans>
    ) : (
      <Trans>
        {By} sent the invitation of {whom} again
      </Trans>
    ),
  INVITATION_LINK_REVEALED: ({ By, isYou, whom }) =>
    isYou ? (
      <Trans>You looked at the invitation link of {whom}</Trans>
    ) : (
      <Trans>
        {By} looked at the invitation link of {whom}
      </Trans>
    ),
  PASSWORD_LINK_ISSUED: ({ By, whom }) => (
    <Trans>
      {By} made a password-reset link for {whom}
    </Trans>
  ),
  ACCEPTED: ({ Whom, isYours }) =>
    isYours ? <Trans>You accepted the invitation</Trans> : <Trans>{Whom} accepted the invitation</Trans>,
  ROLE_CHANGED: ({ By, isYou, whom, isOwn, isYours, from, to }) => {
    if (isYou && isYours)
      return (
        <Trans>
          You changed your role from {from} to {to}
        </Trans>
      );
    if (isYou)
      return (
        <Trans>
          You changed the role of {whom} from {from} to {to}
        </Trans>
      );
    if (isYours)
      return (
        <Trans>
          {By} changed your role from {from} to {to}
        </Trans>
      );
    if (isOwn)
      return (
        <Trans>
          {By} changed their own role from {from} to {to}
        </Trans>
      );
    return (
      <Trans>
        {By} changed the role of {whom} from {from} to {to}
      </Trans>
    );
  },
  AUTH_METHODS_CHANGED: ({ By, isYou, whom, isOwn, isYours, from, to }) => {
    if (isYou && isYours)
      return (
        <Trans>
          You changed your login methods from {from} to {to}
        </Trans>
      );
    if (isYou)
      return (
        <Trans>
          You changed the login methods of {whom} from {from} to {to}
        </Trans>
      );
    if (isYours)
      return (
        <Trans>
          {By} changed your login methods from {from} to {to}
        </Trans>
      );
    if (isOwn)
      return (
        <Trans>
          {By} changed their own login methods from {from} to {to}
        </Trans>
      );
    return (
      <Trans>
        {By} changed the login methods of {whom} from {from} to {to}
      </Trans>
    );
  },
  NAME_CHANGED: ({ By, isYou, whom, isOwn, isYours, to }) => {
    const name = <bdi>{to}</bdi>;
    if (isYou && isYours) return <Trans>You changed your name to {name}</Trans>;
    if (isYou)
      return (
        <Trans>
          You changed the name of {whom} to {name}
        </Trans>
      );
    if (isYours)
      return (
        <Trans>
          {By} changed your name to {name}
        </Trans>
      );
    if (isOwn)
      return (
        <Trans>
          {By} changed their name to {name}
        </Trans>
      );
    return (
      <Trans>
        {By} changed the name of {whom} to {name}
      </Trans>
    );
  },
  DEACTIVATED: ({ By, isYou, whom }) =>
    isYou ? (
      <Trans>You deactivated {whom}</Trans>
    ) : (
      <Trans>
        {By} deactivated {whom}
      </Trans>
    ),
  ACTIVATED: ({ By, isYou, whom }) =>
    isYou ? (
      <Trans>You activated {whom}</Trans>
    ) : (
      <Trans>
        {By} activated {whom}
      </Trans>
    ),
  DELETED: ({ By, isYou, whom }) =>
    isYou ? (
      <Trans>You deleted {whom}</Trans>
    ) : (
      <Trans>
        {By} deleted {whom}
      </Trans>
    ),
  LEFT: ({ Whom, isYours }) => (isYours ? <Trans>You left the account</Trans> : <Trans>{Whom} left the account</Trans>),
  ERASED: ({ By, isYou, whom }) =>
    isYou ? (
      <Trans>You erased the personal data of {whom}</Trans>
    ) : (
      <Trans>
        {By} erased the personal data of {whom}
      </Trans>
    ),
  PASSWORD_SET: ({ Whom, isYours }) =>
    isYours ? <Trans>You set a new password</Trans> : <Trans>{Whom} set a new password</Trans>,
};

const OF_OTHERS: Partial<Record<EventType, Tell>> = {
  SESSION_STARTED: ({ By, isYou }) => (isYou ? <Trans>You signed in</Trans> : <Trans>{By} signed in</Trans>),
  SESSION_ENDED: ({ By, isYou, whom, isOwn, isYours }) => {
    if (isYou && isYours) return <Trans>You ended a session of yours</Trans>;
    if (isYou) return <Trans>You ended a session of {whom}</Trans>;
    if (isYours) return <Trans>{By} ended a session of yours</Trans>;
    if (isOwn) return <Trans>{By} ended a session</Trans>;
    return (
      <Trans>
        {By} ended a session of {whom}
      </Trans>
    );
  },
  SESSIONS_ENDED: ({ By, isYou, whom, isOwn, isYours }) => {
    if (isYou && isYours) return <Trans>You ended all your sessions</Trans>;
    if (isYou) return <Trans>You ended all sessions of {whom}</Trans>;
    if (isYours) return <Trans>{By} ended all your sessions</Trans>;
    if (isOwn) return <Trans>{By} ended all their sessions</Trans>;
    return (
      <Trans>
        {By} ended all sessions of {whom}
      </Trans>
    );
  },
  ACCOUNT_RENAMED: ({ By, isYou, ...parts }) => {
    const from = <bdi>{parts.from}</bdi>;
    const to = <bdi>{parts.to}</bdi>;
    return isYou ? (
      <Trans>
        You renamed the account from {from} to {to}
      </Trans>
    ) : (
      <Trans>
        {By} renamed the account from {from} to {to}
      </Trans>
    );
  },
  INVITATION_HOURS_CHANGED: ({ By, isYou, from, to }) =>
    isYou ? (
      <Trans>
        You changed how long invitations work from {from} to {to} hours
      </Trans>
    ) : (
      <Trans>
        {By} changed how long invitations work from {from} to {to} hours
      </Trans>
    ),
  ACCOUNT_LANGUAGE_CHANGED: ({ By, isYou, ...parts }) => {
    const [from, to] = [languageName(parts.from), languageName(parts.to)];
    return isYou ? (
      <Trans>
        You changed the language of the account from {from} to {to}
      </Trans>
    ) : (
      <Trans>
        {By} changed the language of the account from {from} to {to}
      </Trans>
    );
  },
  ACCOUNT_LOGO_CHANGED: ({ By, isYou }) =>
    isYou ? <Trans>You changed the logo of the account</Trans> : <Trans>{By} changed the logo of the account</Trans>,
  ACCOUNT_COLOR_CHANGED: ({ By, isYou }) =>
    isYou ? <Trans>You changed the color of the account</Trans> : <Trans>{By} changed the color of the account</Trans>,
  SIGN_IN_PAGE_CHANGED: ({ By, isYou }) =>
    isYou ? (
      <Trans>You changed what the page for signing in shows</Trans>
    ) : (
      <Trans>{By} changed what the page for signing in shows</Trans>
    ),
  MAIL_SENT: ({ told, whom }) => (
    <Trans>
      {told} to {whom}
    </Trans>
  ),
  MAIL_FAILED: ({ told, whom }) => (
    <Trans>
      To {whom}: {told}
    </Trans>
  ),
};

/** One event as a sentence; the words of the server if its type has none. */
export function sentenceOf(type: EventType, parts: Parts): ReactNode {
  const tell = OF_USERS[type] ?? OF_OTHERS[type];
  if (tell) return tell(parts);
  const { by } = parts;
  const told = <bdi>{parts.told}</bdi>;
  return (
    <Trans>
      {told}, by {by}
    </Trans>
  );
}

/** What the sentence of an event is made of. */
export function useParts({ actor, user, changes, summary }: LogEvent): Parts {
  const { user: viewer } = useViewer();
  const isYou = actor.kind === 'USER' && actor.user?.id === viewer.id;
  const isYours = user?.id === viewer.id;
  const change = changes.find(({ field }) => field === 'role') ?? changes[0];
  return {
    By: isYou ? t({ message: 'You', context: 'who did it' }) : <Actor actor={actor} isFirst />,
    by: isYou ? t({ message: 'you', context: 'who did it' }) : <Actor actor={actor} />,
    isYou,
    Whom: <Person user={user} otherwise={t`A user`} />,
    whom: isYours ? (
      t({ message: 'you', context: 'to whom' })
    ) : (
      <Person user={user} otherwise={t({ message: 'a user', context: 'to whom' })} />
    ),
    isYours,
    isOwn: actor.user != null && actor.user.id === user?.id,
    from: change?.from ? wordOrText(change.from) : '–',
    to: change?.to ? wordOrText(change.to) : '–',
    told: toldOf(summary),
  };
}
