// What a change of a user came to, in sentences.
import { t } from '@lingui/core/macro';
import { list } from '../ui/formats';
import { methodWord, word } from '../ui/words';
import type { User } from './queries';
import { formOf, isSameSet, type UserForm } from './user-update';

type Seen = Pick<User, 'name' | 'email' | 'role' | 'authMethods' | 'status'>;

/** How a user is called in a message. */
export function nameOf({ name, email }: Pick<User, 'name' | 'email'>): string {
  return name ?? email ?? t`The user`;
}

/** A sentence for each thing that a form changed. */
export function changeText(seen: Seen, form: UserForm, offered: User['authMethods']): string {
  const name = nameOf(seen);
  const before = formOf(seen);
  const sentences: string[] = [];
  if (form.role !== before.role) {
    const role = word(form.role);
    sentences.push(t`${name} is now ${role}.`);
  }
  if (!isSameSet(form.methods, before.methods)) {
    const methods = list(form.methods.map((id) => methodWord(offered.find((method) => method.id === id) ?? { id, label: id })));
    sentences.push(t`${name} can sign in with ${methods}.`);
  }
  if (form.active !== before.active) {
    sentences.push(form.active ? t`${name} is active again.` : t`${name} is deactivated, and signed out everywhere.`);
  }
  return sentences.join(' ') || t`Nothing was changed for ${name}.`;
}
