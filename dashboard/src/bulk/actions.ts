// What can be done to many users at once, and how it is called.
import type { Role } from '../gql/graphql';
import { list, number } from '../ui/formats';
import { word } from '../ui/words';

export type BulkAction =
  | { kind: 'role'; role: Role }
  | { kind: 'methods'; methods: string[]; labels: string[] }
  | { kind: 'active'; active: boolean }
  | { kind: 'resend' }
  | { kind: 'delete' };

/** `1 user`, `1,204 users`. */
export function users(count: number): string {
  return count === 1 ? '1 user' : `${number(count)} users`;
}

/** The title of the dialog. */
export function titleOf(action: BulkAction, count: number): string {
  switch (action.kind) {
    case 'role':
      return `Make ${users(count)} ${word(action.role)}?`;
    case 'methods':
      return `Change the login of ${users(count)}?`;
    case 'active':
      return action.active ? `Activate ${users(count)}?` : `Deactivate ${users(count)}?`;
    case 'resend':
      return `Resend the invitations to ${users(count)}?`;
    case 'delete':
      return `Delete ${users(count)}?`;
  }
}

/** What happens to those who are not refused. */
export function effectOf(action: BulkAction): string {
  switch (action.kind) {
    case 'role':
      return `They become ${word(action.role)}.`;
    case 'methods':
      return `They can sign in with ${list(action.labels)}, and in no other way.`;
    case 'active':
      return action.active ? 'They have access again.' : 'Their access ends at once, everywhere, until it is given back.';
    case 'resend':
      return 'Each gets a new link, which works as long as a new invitation. The old links stop working.';
    case 'delete':
      return 'Their access ends at once, everywhere, and their invitations are taken back. To give it back, they must be invited again.';
  }
}

/** The button, and the message when it is done. */
export function verbOf({ kind, ...action }: BulkAction, count: number): string {
  const what = users(count);
  if (kind === 'resend') return count === 1 ? 'Resend 1 invitation' : `Resend ${number(count)} invitations`;
  if (kind === 'delete') return `Delete ${what}`;
  if (kind === 'active') return 'active' in action && action.active ? `Activate ${what}` : `Deactivate ${what}`;
  return `Change ${what}`;
}

export function doneText(action: BulkAction, count: number): string {
  const isOne = count === 1;
  switch (action.kind) {
    case 'role':
      return isOne ? `1 user is now ${word(action.role)}.` : `${number(count)} users are now ${word(action.role)}.`;
    case 'methods':
      return isOne ? 'The login methods of 1 user are changed.' : `The login methods of ${number(count)} users are changed.`;
    case 'active':
      if (action.active) return isOne ? '1 user is active again.' : `${number(count)} users are active again.`;
      return isOne ? '1 user is deactivated.' : `${number(count)} users are deactivated.`;
    case 'resend':
      return isOne ? '1 invitation is sent again.' : `${number(count)} invitations are sent again.`;
    case 'delete':
      return isOne ? '1 user is deleted.' : `${number(count)} users are deleted.`;
  }
}

/** What is said of those for whom there is nothing to change. */
export function unchangedText(action: BulkAction, count: number): string {
  if (action.kind === 'role') {
    return count === 1 ? `1 is ${word(action.role)} already.` : `${number(count)} are ${word(action.role)} already.`;
  }
  return count === 1 ? 'For 1 there is nothing to change.' : `For ${number(count)} there is nothing to change.`;
}

/** Whether an action can be undone. A mail that was sent stays sent, and the deleted stay deleted. */
export function isUndoable({ kind }: BulkAction): boolean {
  return kind === 'role' || kind === 'methods' || kind === 'active';
}
