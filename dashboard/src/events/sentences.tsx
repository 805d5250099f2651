// What happened, as sentences that name who did it and to whom. A type without a sentence here is told in the words of the server.
import type { ReactNode } from 'react';
import type { EventType } from '../gql/graphql';
import { useViewer } from '../session/session';
import { Actor } from '../ui/actor';
import { number } from '../ui/formats';
import { Person } from '../ui/person';
import { wordOrText } from '../ui/words';
import { isOfOneType, mainEvents } from './fold';
import { isUndo, type LogEvent } from './shown-event';

/** What a sentence is made of. */
interface Parts {
  /** Who did it, at the beginning of a sentence and within one. */
  By: ReactNode;
  by: ReactNode;
  /** Whom it is about, at the beginning of a sentence and within one. */
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

const SENTENCES: Partial<Record<EventType, (parts: Parts) => ReactNode>> = {
  INVITED: ({ By, whom, to }) => (
    <>
      {By} invited {whom} as {to}
    </>
  ),
  INVITATION_RESENT: ({ By, whom }) => (
    <>
      {By} sent the invitation of {whom} again
    </>
  ),
  INVITATION_LINK_REVEALED: ({ By, whom }) => (
    <>
      {By} looked at the invitation link of {whom}
    </>
  ),
  PASSWORD_LINK_ISSUED: ({ By, whom }) => (
    <>
      {By} made a password-reset link for {whom}
    </>
  ),
  ACCEPTED: ({ Whom }) => <>{Whom} accepted the invitation</>,
  ROLE_CHANGED: ({ By, whom, isOwn, isYours, from, to }) => {
    if (isYours)
      return (
        <>
          {By} changed your role from {from} to {to}
        </>
      );
    if (isOwn)
      return (
        <>
          {By} changed their own role from {from} to {to}
        </>
      );
    return (
      <>
        {By} changed the role of {whom} from {from} to {to}
      </>
    );
  },
  AUTH_METHODS_CHANGED: ({ By, whom, isOwn, isYours, from, to }) => {
    if (isYours)
      return (
        <>
          {By} changed your login methods from {from} to {to}
        </>
      );
    if (isOwn)
      return (
        <>
          {By} changed their own login methods from {from} to {to}
        </>
      );
    return (
      <>
        {By} changed the login methods of {whom} from {from} to {to}
      </>
    );
  },
  NAME_CHANGED: ({ By, whom, isOwn, isYours, to }) => {
    if (isYours)
      return (
        <>
          {By} changed your name to <bdi>{to}</bdi>
        </>
      );
    if (isOwn)
      return (
        <>
          {By} changed their name to <bdi>{to}</bdi>
        </>
      );
    return (
      <>
        {By} changed the name of {whom} to <bdi>{to}</bdi>
      </>
    );
  },
  DEACTIVATED: ({ By, whom }) => (
    <>
      {By} deactivated {whom}
    </>
  ),
  ACTIVATED: ({ By, whom }) => (
    <>
      {By} activated {whom}
    </>
  ),
  DELETED: ({ By, whom }) => (
    <>
      {By} deleted {whom}
    </>
  ),
  LEFT: ({ Whom }) => <>{Whom} left the account</>,
  ERASED: ({ By, whom }) => (
    <>
      {By} erased the personal data of {whom}
    </>
  ),
  PASSWORD_SET: ({ Whom }) => <>{Whom} set a new password</>,
  SESSION_STARTED: ({ By }) => <>{By} signed in</>,
  SESSION_ENDED: ({ By, whom, isOwn, isYours }) => {
    if (isYours) return <>{By} ended a session of yours</>;
    if (isOwn) return <>{By} ended a session</>;
    return (
      <>
        {By} ended a session of {whom}
      </>
    );
  },
  SESSIONS_ENDED: ({ By, whom, isOwn, isYours }) => {
    if (isYours) return <>{By} ended all your sessions</>;
    if (isOwn) return <>{By} ended all their sessions</>;
    return (
      <>
        {By} ended all sessions of {whom}
      </>
    );
  },
  ACCOUNT_RENAMED: ({ By, from, to }) => (
    <>
      {By} renamed the account from <bdi>{from}</bdi> to <bdi>{to}</bdi>
    </>
  ),
  INVITATION_HOURS_CHANGED: ({ By, from, to }) => (
    <>
      {By} changed how long invitations work from {from} to {to} hours
    </>
  ),
  MAIL_SENT: ({ told, whom }) => (
    <>
      {told} to {whom}
    </>
  ),
  MAIL_FAILED: ({ told, whom }) => (
    <>
      To {whom}: {told}
    </>
  ),
};

const COUNTED: Partial<Record<EventType, (parts: Pick<Parts, 'By' | 'told'> & { count: string }) => ReactNode>> = {
  INVITED: ({ By, count }) => (
    <>
      {By} invited {count} people
    </>
  ),
  INVITATION_RESENT: ({ By, count }) => (
    <>
      {By} sent {count} invitations again
    </>
  ),
  ROLE_CHANGED: ({ By, count }) => (
    <>
      {By} changed the role of {count} users
    </>
  ),
  AUTH_METHODS_CHANGED: ({ By, count }) => (
    <>
      {By} changed the login methods of {count} users
    </>
  ),
  DEACTIVATED: ({ By, count }) => (
    <>
      {By} deactivated {count} users
    </>
  ),
  ACTIVATED: ({ By, count }) => (
    <>
      {By} activated {count} users
    </>
  ),
  DELETED: ({ By, count }) => (
    <>
      {By} deleted {count} users
    </>
  ),
  ERASED: ({ By, count }) => (
    <>
      {By} erased the personal data of {count} users
    </>
  ),
  SESSION_STARTED: ({ By, count }) => (
    <>
      {By} signed in {count} times
    </>
  ),
  SESSION_ENDED: ({ By, count }) => (
    <>
      {By} ended {count} sessions
    </>
  ),
  API_KEY_REVOKED: ({ By, count }) => (
    <>
      {By} revoked {count} API keys
    </>
  ),
  MAIL_SENT: ({ told, count }) =>
    told.includes('invitation') ? `${count} invitation mails were sent` : `${count} mails were sent`,
  MAIL_FAILED: ({ count }) => `${count} mails failed`,
};

/** One event as a sentence. */
export function Sentence({ event }: { event: LogEvent }) {
  const parts = useParts(event);
  const sentence = SENTENCES[event.type];
  return (
    <>
      {sentence ? (
        sentence(parts)
      ) : (
        <>
          <bdi>{parts.told}</bdi>, by {parts.by}
        </>
      )}
      {isUndo(event) && UNDID}
    </>
  );
}

const UNDID = ', to undo an earlier change';

/** Several events of a kind as one sentence. */
export function CountedSentence({ events }: { events: readonly [LogEvent, ...LogEvent[]] }) {
  const parts = useParts(events[0]);
  const sentence = COUNTED[events[0].type];
  return sentence ? sentence({ ...parts, count: number(events.length) }) : <Sentence event={events[0]} />;
}

/** What one operation did, as one sentence. */
export function OperationSentence({ events }: { events: readonly [LogEvent, ...LogEvent[]] }) {
  const main = mainEvents(events);
  const { By } = useParts(main[0]);
  const people = new Set(main.map(({ id, user }) => user?.id ?? id)).size;
  if (main.length === 1) return <Sentence event={main[0]} />;
  return (
    <>
      {isOfOneType(main) ? (
        <CountedSentence events={main} />
      ) : (
        <>
          {By} changed {people === 1 ? '1 user' : `${number(people)} users`}
        </>
      )}
      {isUndo(main[0]) && UNDID}
    </>
  );
}

function useParts({ actor, user, changes, summary }: LogEvent): Parts {
  const { user: viewer } = useViewer();
  const isYou = actor.kind === 'USER' && actor.user?.id === viewer.id;
  const isAboutYou = user?.id === viewer.id;
  const change = changes.find(({ field }) => field === 'role') ?? changes[0];
  return {
    By: isYou ? 'You' : <Actor actor={actor} isFirst />,
    by: isYou ? 'you' : <Actor actor={actor} />,
    Whom: isAboutYou ? 'You' : <Person user={user} otherwise="A user" />,
    whom: isAboutYou ? 'you' : <Person user={user} otherwise="a user" />,
    isYours: isAboutYou,
    isOwn: actor.user != null && actor.user.id === user?.id,
    from: change?.from ? wordOrText(change.from) : '–',
    to: change?.to ? wordOrText(change.to) : '–',
    told: summary.replace(/\.$/, ''),
  };
}
