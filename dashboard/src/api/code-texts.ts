// Texts for the codes of the API, in the language of the page: what happened, and what to do next. A code that is new is shown in the words of
// the server.
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { UserErrorCode } from '../gql/graphql';

/** Refusals of mutations. The type requires a text for every code of the schema. */
const REFUSALS: Record<UserErrorCode, MessageDescriptor> = {
  INVALID_EMAIL: msg`This is not a single valid email address.`,
  INVALID_NAME: msg`This name is empty, invisible or too long, or contains characters that a name cannot have.`,
  INVALID_SLUG: msg`This short name has the wrong length or other characters than small letters, digits and hyphens, or is reserved.`,
  WEAK_PASSWORD: msg`This password is too short or too easy to guess. Take at least 8 characters: several uncommon words are best.`,
  INVALID_AUTH_METHOD: msg`This is not a login method.`,
  AUTH_METHODS_REQUIRED: msg`Tick at least one login method.`,
  AUTH_METHOD_NOT_OFFERED: msg`This Roster does not offer this login method.`,
  INVALID_INVITATION_HOURS: msg`Invitations work for 1 to 720 hours.`,
  INVALID_LOGO: msg`This file is not a PNG, JPEG or WebP image of at most 2,000 × 2,000 pixels.`,
  LOGO_TOO_LARGE: msg`A logo has at most 64 kB.`,
  INVALID_COLOR: msg`A color is # and six digits, such as #1864ab.`,
  AUTH_METHOD_IN_USE: msg`A user of this account can sign in with this method only. Allow them another method first.`,
  NO_ROWS: msg`Give at least one row.`,
  TOO_MANY_ROWS: msg`Give at most 1000 rows at once.`,
  FORBIDDEN: msg`You are not allowed to do this. Ask an admin of the account.`,
  NOT_FOUND: msg`This no longer exists. Go back to the list.`,
  ALREADY_INVITED: msg`This address is already invited. Resend that invitation from the row of the user.`,
  ALREADY_MEMBER: msg`A user with this address already exists.`,
  INVALID_INVITATION_LINK: msg`This invitation link is not valid.`,
  INVITATION_ALREADY_ACCEPTED: msg`This invitation was accepted already: sign in instead.`,
  INVITATION_EXPIRED: msg`The invitation has expired. Resend it: then there is a new link.`,
  INVITATION_REPLACED: msg`This link was replaced by a newer one: look for the latest mail.`,
  INVITATION_REVOKED: msg`This invitation was revoked.`,
  AUTH_METHOD_NOT_ALLOWED: msg`This sign-in method is not allowed for this user.`,
  USER_NOT_PENDING: msg`The invitation was already accepted.`,
  INVITATION_PENDING: msg`The invitation has not been accepted yet, so there is no access to change.`,
  USER_DELETED: msg`The user was deleted. Invite the address again.`,
  USER_NOT_DELETED: msg`Delete this user first: only deleted users can be erased.`,
  CONFIRMATION_MISMATCH: msg`This is not the address of the user. Type it as shown above.`,
  CANNOT_DEACTIVATE_SELF: msg`You cannot deactivate yourself. Ask another admin.`,
  CANNOT_DELETE_SELF: msg`You cannot delete yourself. Ask another admin, or leave the account from your profile.`,
  LAST_ADMIN: msg`The account needs an active admin. Make another user an admin first.`,
  VERSION_CONFLICT: msg`Someone else changed this in the meantime. You now see the new state. Check it and try again.`,
  COUNT_CHANGED: msg`The number has changed in the meantime. Close this, look at the list, and select again.`,
  COUNT_NOT_CONFIRMED: msg`The number that was typed is not how many users are selected.`,
  NOT_UNDOABLE: msg`There is no state before this one.`,
  CHANGED_SINCE: msg`Someone has changed this since then. Look at the user, and change it there.`,
  IDEMPOTENCY_KEY_REUSED: msg`This idempotency key was used for another request.`,
  INVALID_IDEMPOTENCY_KEY: msg`An idempotency key has 1 to 100 printable ASCII characters.`,
  INVALID_CREDENTIALS: msg`The address and the password do not belong together. Try again, or ask for a new password.`,
  ACCESS_DEACTIVATED: msg`The password is right, but an admin has deactivated you. Ask an admin of the account.`,
  ACCOUNT_REQUIRED: msg`There are several accounts on this server. Type the short name of yours: it is in the links of your mails.`,
  SLUG_TAKEN: msg`This short name is taken.`,
  INVALID_WELCOME_LINK: msg`This link was already used, is older than 24 hours, or is incomplete. The operator of this Roster prints a new one with \`roster account welcome\`.`,
  API_SCOPES_REQUIRED: msg`Give at least one scope.`,
  INVALID_API_KEY_LIFETIME: msg`A key works for 1 to 366 days.`,
  TOO_MANY_API_KEYS: msg`You have the maximum number of API keys: revoke one first.`,
  TOO_MANY_SERVICE_KEYS: msg`The account has the maximum number of service keys: revoke one first.`,
  INVALID_VIEW_QUERY: msg`This list cannot be kept as a view: its address is too long.`,
  TOO_MANY_VIEWS: msg`There is the maximum number of views: delete one first.`,
  VIEW_NAME_TAKEN: msg`There is a view with this name already.`,
  WRONG_PASSWORD: msg`The current password is wrong.`,
  INVALID_RESET_LINK: msg`This link was already used, is older than an hour, or is incomplete. Request a new one.`,
  TOO_MANY_ATTEMPTS: msg`Too many attempts: try again later.`,
  INVITATION_LIMIT_REACHED: msg`You have reached the daily limit of invitations. Continue tomorrow, or ask another admin.`,
  INVITATION_NOT_ACCEPTED: msg`Accept your invitation first: follow the link in the mail.`,
  NOT_INVITED: msg`No one with this address can sign in here: ask an admin to invite you.`,
  PROVIDER_EMAIL_UNVERIFIED: msg`The provider has not verified your e-mail address: verify it there first.`,
  PROVIDER_EMAIL_MISMATCH: msg`You signed in at the provider with another e-mail address than the one of this user.`,
  PROVIDER_ACCOUNT_DIFFERS: msg`This user signs in with another account of this provider: an admin can disallow and allow the provider to start over.`,
  PROVIDER_ACCOUNT_IN_USE: msg`Your account at the provider belongs to another user here.`,
  PROVIDER_SIGN_IN_FAILED: msg`The sign-in at the provider did not succeed: start again.`,
};

// Errors of requests, and what the dashboard finds itself.
const ERRORS: Record<string, MessageDescriptor> = {
  UNAUTHENTICATED: msg`Your session is over. Sign in again.`,
  SESSION_CHANGED: msg`Another person is now signed in in this browser. Nothing was changed.`,
  NOT_YET: msg`This moment is in the future, or changes were still in progress then. Choose an earlier one.`,
  UNKNOWN_CURSOR: msg`The server no longer knows this position in the list. Reload the page.`,
  TIMEOUT: msg`The server took too long. Try again: nothing is done twice.`,
  UNREACHABLE: msg`The server cannot be reached. Check your connection, and try again: nothing you typed is lost.`,
  UNAVAILABLE: msg`The server is busy, or its database cannot be reached. Try again in a moment.`,
  TOO_MANY_EXPORTS: msg`Too many exports are running. Try again in a moment.`,
};

/** Codes whose sentence from the server says more in English, such as which character a name may not have. */
export const MORE_FROM_SERVER: ReadonlySet<string> = new Set<UserErrorCode | 'TOO_MANY_EXPORTS' | 'UNAVAILABLE'>([
  'AUTH_METHOD_IN_USE',
  'AUTH_METHOD_NOT_OFFERED',
  'COUNT_NOT_CONFIRMED',
  'INVALID_API_KEY_LIFETIME',
  'INVALID_AUTH_METHOD',
  'INVALID_EMAIL',
  'INVALID_INVITATION_HOURS',
  'INVALID_NAME',
  'INVALID_SLUG',
  'TOO_MANY_ATTEMPTS',
  'TOO_MANY_EXPORTS',
  'UNAVAILABLE',
]);

/** The text for a code; undefined if it is new. */
export function textOfCode(code: string): MessageDescriptor | undefined {
  return REFUSALS[code as UserErrorCode] ?? ERRORS[code];
}
