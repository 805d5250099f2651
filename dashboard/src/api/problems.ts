// What users read when something was refused or failed: what happened, and what to do next.
import type { CombinedError } from 'urql';
import { graphql } from '../gql';

/** What is shown of a refusal. */
export const ShownError = graphql(`
  fragment ShownError on UserError { code message field }
`);

/** A refusal of a mutation, as the API sends it. */
export interface UserError {
  code: string;
  message: string;
  field?: readonly string[] | null;
}

/** A problem to show to the user. */
export interface Problem {
  /** For programs: a code of the API, or `UNREACHABLE`. */
  code: string;
  /** For people: sentences that say what to do. */
  text: string;
  /** The input that it is about, such as `email`; null when it is about the whole. */
  field: string | null;
}

// Texts for codes whose sentence from the server does not say what to do.
const NEXT_STEPS: Record<string, string> = {
  UNAUTHENTICATED: 'Your session is over. Sign in again.',
  SESSION_CHANGED: 'Another person is now signed in in this browser. Nothing was changed.',
  FORBIDDEN: 'You are not allowed to do this. Ask an admin of the account.',
  NOT_FOUND: 'This no longer exists. Go back to the list.',
  NOT_YET: 'This moment is in the future, or changes were still in progress then. Choose an earlier one.',
  UNKNOWN_CURSOR: 'The server no longer knows this position in the list. Reload the page.',
  TIMEOUT: 'The server took too long. Try again: nothing is done twice.',
  ALREADY_INVITED: 'This address is already invited. Resend that invitation from the row of the user.',
  ALREADY_MEMBER: 'A user with this address already exists.',
  VERSION_CONFLICT: 'Someone else changed this in the meantime. You now see the new state. Check it and try again.',
  CHANGED_SINCE: 'Someone has changed this since then. Look at the user, and change it there.',
  NOT_UNDOABLE: 'There is no state before this one.',
  COUNT_CHANGED: 'The number has changed in the meantime. Close this, look at the list, and select again.',
  CONFIRMATION_MISMATCH: 'This is not the address of the user. Type it as shown above.',
  LAST_ADMIN: 'The account needs an active admin. Make another user an admin first.',
  CANNOT_DEACTIVATE_SELF: 'You cannot deactivate yourself. Ask another admin.',
  CANNOT_DELETE_SELF: 'You cannot delete yourself. Ask another admin, or leave the account from your profile.',
  USER_DELETED: 'The user was deleted. Invite the address again.',
  USER_NOT_PENDING: 'The invitation was already accepted.',
  INVITATION_PENDING: 'The invitation has not been accepted yet, so there is no access to change.',
  INVALID_CREDENTIALS: 'The address and the password do not belong together. Try again, or ask for a new password.',
  ACCESS_DEACTIVATED: 'The password is right, but an admin has deactivated you. Ask an admin of the account.',
  ACCOUNT_REQUIRED: 'There are several accounts on this server. Type the short name of yours: it is in the links of your mails.',
  WEAK_PASSWORD: 'This password is too short or too easy to guess. Take at least 8 characters: several uncommon words are best.',
  INVALID_RESET_LINK: 'This link was already used, is older than an hour, or is incomplete. Request a new one.',
  INVALID_WELCOME_LINK:
    'This link was already used, is older than 24 hours, or is incomplete. The operator of this Roster prints a new one with `roster account welcome`.',
  AUTH_METHODS_REQUIRED: 'Tick at least one login method.',
  INVITATION_EXPIRED: 'The invitation has expired. Resend it: then there is a new link.',
  INVITATION_LIMIT_REACHED: 'You have reached the daily limit of invitations. Continue tomorrow, or ask another admin.',
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
  return `Something went wrong on the server. Try again; if it fails again, give the operator this number: ${requestId}`;
}
