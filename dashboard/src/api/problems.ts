// What is said to people where something was refused or broke: one sentence, and what to do next.
import type { CombinedError } from 'urql';

/** What a mutation refuses, as the API says it. */
export interface UserError {
  code: string;
  message: string;
  field?: readonly string[] | null;
}

/** Something to tell whoever tried. */
export interface Problem {
  /** For programs: a code of the API, or `UNREACHABLE`. */
  code: string;
  /** For people: sentences that say what to do. */
  text: string;
  /** The input that it is about, such as `email`; null when it is about the whole. */
  field: string | null;
}

// Where the server's own sentence says what is wrong, but not what to do about it.
const NEXT_STEPS: Record<string, string> = {
  UNAUTHENTICATED: 'Your session is over. Sign in again.',
  SESSION_CHANGED: 'Somebody else is signed in in this browser now. Nothing was done.',
  FORBIDDEN: 'You may not do this. Ask an admin of the account.',
  NOT_FOUND: 'This does not exist any more. Go back to the list, and look again.',
  NOT_YET: 'This moment has not come, or something was still under way then. Choose an earlier one.',
  UNKNOWN_CURSOR: 'The server does not have this place of the list any more. Load the page again.',
  TIMEOUT: 'The server took too long. Try again: what is done already is not done twice.',
  ALREADY_INVITED: 'This address is invited already. Resend that invitation instead, from the row of the user.',
  ALREADY_MEMBER: 'Somebody with this address is a user already.',
  VERSION_CONFLICT: 'Somebody else changed this in the meantime. What you see now is new: look again, then decide again.',
  COUNT_CHANGED: 'The number has changed in the meantime. Look at the new one, then decide again.',
  CONFIRMATION_MISMATCH: 'This is not the address of the user. Type it as it is shown above.',
  LAST_ADMIN: 'The account would be left without an active admin. Make somebody else an admin first.',
  CANNOT_DEACTIVATE_SELF: 'Nobody deactivates themselves. Ask another admin.',
  CANNOT_DELETE_SELF: 'Nobody deletes themselves. Ask another admin, or leave the account from your profile.',
  USER_DELETED: 'The user was deleted, and stays so. Invite the address again.',
  USER_NOT_PENDING: 'The invitation has been accepted: there is nothing to send or to show.',
  INVITATION_PENDING: 'The invitation has not been accepted yet: there is no access to take or give.',
  INVALID_CREDENTIALS: 'The address and the password do not belong together. Try again, or ask for a new password.',
  ACCESS_DEACTIVATED: 'The password is right, but an admin has deactivated you. Ask an admin of the account.',
  ACCOUNT_REQUIRED: 'There are several accounts here. Type the short name of yours: it is in the links of your mails.',
  WEAK_PASSWORD: 'This password is too short or too easy to guess. Take at least 8 characters: several uncommon words are best.',
  INVALID_RESET_LINK: 'This link was used, is older than an hour, or was not copied whole. Ask for a new one.',
  INVALID_WELCOME_LINK:
    'This link was used, is older than 24 hours, or was not copied whole. Who runs this Roster prints a new one with `roster account welcome`.',
  AUTH_METHODS_REQUIRED: 'Tick at least one login method.',
  INVITATION_LIMIT_REACHED: 'You have sent as many invitations as one may send in a day. Go on tomorrow, or ask another admin.',
  UNREACHABLE: 'The server cannot be reached. Check your connection, and try again: nothing you typed is lost.',
};

/** The code of what broke: of the first top-level error, or `UNREACHABLE` when no answer came. */
export function codeOf(error: CombinedError): string {
  const code = error.graphQLErrors[0]?.extensions?.code;
  if (typeof code === 'string') return code;
  return error.networkError ? 'UNREACHABLE' : 'INTERNAL';
}

/** A request that broke, as a problem. */
export function problemOf(error: CombinedError): Problem {
  const code = codeOf(error);
  const first = error.graphQLErrors[0];
  return { code, text: NEXT_STEPS[code] ?? fault(first?.message, first?.extensions?.requestId), field: null };
}

/** What a mutation refused, as problems. */
export function problemsOf(errors: readonly UserError[]): Problem[] {
  return errors.map(({ code, message, field }) => ({
    code,
    text: explain(code, message),
    field: field?.at(-1) ?? null,
  }));
}

/** Why something cannot be done, and what to do: from a code, and from what the server says of it. */
export function explain(code: string | null | undefined, message: string | null | undefined): string {
  return NEXT_STEPS[code ?? ''] ?? sentence(message ?? 'This cannot be done');
}

/** A sentence of the server, as people expect it: with a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? '' : '.');
}

function fault(message: string | undefined, requestId: unknown): string {
  if (typeof requestId !== 'string') return message ? sentence(message) : 'Something went wrong. Try again in a moment.';
  return `Something went wrong on the server. Try again; if it stays so, tell its operator this number: ${requestId}`;
}
