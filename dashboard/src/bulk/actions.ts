// What can be done to many users at once, and how it is called.
import { plural, t } from '@lingui/core/macro';
import type { Role } from '../gql/graphql';
import { list } from '../ui/formats';
import { word } from '../ui/words';

export type BulkAction =
  | { kind: 'role'; role: Role }
  | { kind: 'methods'; methods: string[]; labels: string[] }
  | { kind: 'active'; active: boolean }
  // Of failed mails, perhaps because of the mail server.
  | { kind: 'resend'; isFailed?: boolean }
  | { kind: 'delete' };

/** `1 user`, `1,204 users`. */
export function users(count: number): string {
  return plural(count, { one: '# user', other: '# users' });
}

/** The title of the dialog. */
export function titleOf(action: BulkAction, count: number): string {
  switch (action.kind) {
    case 'role': {
      const role = word(action.role);
      return plural(count, { one: `Make # user ${role}?`, other: `Make # users ${role}?` });
    }
    case 'methods':
      return plural(count, { one: 'Change the login of # user?', other: 'Change the login of # users?' });
    case 'active':
      return action.active
        ? plural(count, { one: 'Activate # user?', other: 'Activate # users?' })
        : plural(count, { one: 'Deactivate # user?', other: 'Deactivate # users?' });
    case 'resend':
      return plural(count, { one: 'Resend the invitations to # user?', other: 'Resend the invitations to # users?' });
    case 'delete':
      return plural(count, { one: 'Delete # user?', other: 'Delete # users?' });
  }
}

/** What happens to those who are not refused. */
export function effectOf(action: BulkAction): string {
  switch (action.kind) {
    case 'role': {
      const role = word(action.role);
      return t`They become ${role}.`;
    }
    case 'methods': {
      const methods = list(action.labels);
      return t`They can sign in with ${methods}, and in no other way.`;
    }
    case 'active':
      return action.active ? t`They have access again.` : t`Their access ends at once, everywhere, until it is given back.`;
    case 'resend':
      return action.isFailed
        ? t`Each gets a new link, which works as long as a new invitation. The old links stop working. If the mail server was the reason, make sure first that it is repaired.`
        : t`Each gets a new link, which works as long as a new invitation. The old links stop working.`;
    case 'delete':
      return t`Their access ends at once, everywhere, and their invitations are taken back. To give it back, they must be invited again.`;
  }
}

/** The button, and the message when it is done. */
export function verbOf({ kind, ...action }: BulkAction, count: number): string {
  if (kind === 'resend') return plural(count, { one: 'Resend # invitation', other: 'Resend # invitations' });
  if (kind === 'delete') return plural(count, { one: 'Delete # user', other: 'Delete # users' });
  if (kind !== 'active') return plural(count, { one: 'Change # user', other: 'Change # users' });
  return 'active' in action && action.active
    ? plural(count, { one: 'Activate # user', other: 'Activate # users' })
    : plural(count, { one: 'Deactivate # user', other: 'Deactivate # users' });
}

export function doneText(action: BulkAction, count: number): string {
  switch (action.kind) {
    case 'role': {
      const role = word(action.role);
      return plural(count, { one: `# user is now ${role}.`, other: `# users are now ${role}.` });
    }
    case 'methods':
      return plural(count, {
        one: 'The login methods of # user are changed.',
        other: 'The login methods of # users are changed.',
      });
    case 'active':
      return action.active
        ? plural(count, { one: '# user is active again.', other: '# users are active again.' })
        : plural(count, { one: '# user is deactivated.', other: '# users are deactivated.' });
    case 'resend':
      return plural(count, { one: '# invitation is sent again.', other: '# invitations are sent again.' });
    case 'delete':
      return plural(count, { one: '# user is deleted.', other: '# users are deleted.' });
  }
}

/** What is said of those for whom there is nothing to change. */
export function unchangedText(action: BulkAction, count: number): string {
  if (action.kind !== 'role') {
    return plural(count, { one: 'For # there is nothing to change.', other: 'For # there is nothing to change.' });
  }
  const role = word(action.role);
  return plural(count, { one: `# is ${role} already.`, other: `# are ${role} already.` });
}

/** Whether an action can be undone. A mail that was sent stays sent, and the deleted stay deleted. */
export function isUndoable({ kind }: BulkAction): boolean {
  return kind === 'role' || kind === 'methods' || kind === 'active';
}
