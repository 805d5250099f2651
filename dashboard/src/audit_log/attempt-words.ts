// Refused attempts in words: what was tried, and why it was refused.
import { word } from '../ui/words';

/** Why something may be refused. A code that is new can be shown, though not be filtered by. */
export const REASONS: Record<string, string> = {
  FORBIDDEN: 'Not permitted',
  INVALID_CREDENTIALS: 'Wrong email or password',
  TOO_MANY_ATTEMPTS: 'Too many attempts',
  ACCESS_DEACTIVATED: 'User is inactive',
  AUTH_METHOD_NOT_ALLOWED: 'Login method not allowed',
  INVITATION_NOT_ACCEPTED: 'Invitation not accepted yet',
  NOT_INVITED: 'Not invited',
  PROVIDER_EMAIL_UNVERIFIED: 'Email not verified by the provider',
  PROVIDER_ACCOUNT_DIFFERS: 'Another account of the provider',
};

const SIGN_INS: Record<string, string> = {
  signIn: 'Sign in with a password',
  signInWithProvider: 'Sign in with a provider',
};

/** What was tried: `inviteUser` as "Invite user". */
export function operationWord(operation: string): string {
  return SIGN_INS[operation] ?? word(operation.replace(/[A-Z]/g, '_$&'));
}

/** Why it was refused. */
export function reasonWord(code: string): string {
  return REASONS[code] ?? word(code);
}
