// What a change of a user came to, in sentences.
import { list } from '../ui/formats';
import { word } from '../ui/words';
import type { User } from './queries';
import { formOf, isSameSet, type UserForm } from './user-update';

type Seen = Pick<User, 'name' | 'email' | 'role' | 'authMethods' | 'status'>;

/** How a user is called in a message. */
export function nameOf({ name, email }: Pick<User, 'name' | 'email'>): string {
  return name ?? email ?? 'The user';
}

/** A sentence for each thing that a form changed. */
export function changeText(seen: Seen, form: UserForm, offered: User['authMethods']): string {
  const name = nameOf(seen);
  const before = formOf(seen);
  const sentences: string[] = [];
  if (form.role !== before.role) sentences.push(`${name} is now ${word(form.role)}.`);
  if (!isSameSet(form.methods, before.methods)) {
    const labels = form.methods.map((id) => offered.find((method) => method.id === id)?.label ?? id);
    sentences.push(`${name} can sign in with ${list(labels)}.`);
  }
  if (form.active !== before.active) {
    sentences.push(form.active ? `${name} is active again.` : `${name} is deactivated, and signed out everywhere.`);
  }
  return sentences.join(' ') || `Nothing was changed for ${name}.`;
}
