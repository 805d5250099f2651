// Refused attempts in words: what was tried, and why it was refused.
import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { word } from '../ui/words';

/** Why something may be refused. A code that is new can be shown, though not be filtered by. */
export const REASONS: Record<string, MessageDescriptor> = {
  FORBIDDEN: msg`Not permitted`,
  INVALID_CREDENTIALS: msg`Wrong email or password`,
  TOO_MANY_ATTEMPTS: msg`Too many attempts`,
  ACCESS_DEACTIVATED: msg`User is inactive`,
  AUTH_METHOD_NOT_ALLOWED: msg`Login method not allowed`,
  INVITATION_NOT_ACCEPTED: msg`Invitation not accepted yet`,
  NOT_INVITED: msg`Not invited`,
  PROVIDER_EMAIL_UNVERIFIED: msg`Email not verified by the provider`,
  PROVIDER_ACCOUNT_DIFFERS: msg`Another account of the provider`,
};

const SIGN_INS: Record<string, MessageDescriptor> = {
  signIn: msg`Sign in with a password`,
  signInWithProvider: msg`Sign in with a provider`,
};

// The other operations of the API. In English they are called by their names.
const OPERATIONS: Record<string, MessageDescriptor> = {
  acceptInvitation: msg`Accept invitation`,
  activateUser: msg`Activate user`,
  changePassword: msg`Change password`,
  createApiKey: msg`Create api key`,
  createServiceKey: msg`Create service key`,
  deactivateUser: msg`Deactivate user`,
  deleteUser: msg`Delete user`,
  deleteUsers: msg`Delete users`,
  endSession: msg`End session`,
  endSessions: msg`End sessions`,
  eraseUser: msg`Erase user`,
  inviteUser: msg`Invite user`,
  inviteUsers: msg`Invite users`,
  leaveAccount: msg`Leave account`,
  openAccount: msg`Open account`,
  requestPasswordReset: msg`Request password reset`,
  resendFailedInvitations: msg`Resend failed invitations`,
  resendInvitation: msg`Resend invitation`,
  resendInvitations: msg`Resend invitations`,
  resetPassword: msg`Reset password`,
  revealInvitationLink: msg`Reveal invitation link`,
  revokeApiKey: msg`Revoke api key`,
  revokeServiceKey: msg`Revoke service key`,
  signOut: msg`Sign out`,
  undo: msg`Undo`,
  updateAccount: msg`Update account`,
  updateUser: msg`Update user`,
  updateUsers: msg`Update users`,
};

/** What was tried: `inviteUser` as "Invite user". */
export function operationWord(operation: string): string {
  const known = SIGN_INS[operation] ?? OPERATIONS[operation];
  return known ? i18n._(known) : word(operation.replace(/[A-Z]/g, '_$&'));
}

/** Why it was refused. */
export function reasonWord(code: string): string {
  const known = REASONS[code];
  return known ? i18n._(known) : word(code);
}
