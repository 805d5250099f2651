// The form that changes a user, and what it asks of the API: only what was changed, on the version that was looked at.
import type { Role, UpdateUserInput } from '../gql/graphql';
import type { User } from './queries';

export interface UserForm {
  role: Role;
  methods: string[];
  active: boolean;
}

type Seen = Pick<User, 'id' | 'role' | 'authMethods' | 'status' | 'version'>;

/** The form as the user is. */
export function formOf(user: Omit<Seen, 'id' | 'version'>): UserForm {
  return { role: user.role, methods: user.authMethods.map((method) => method.id), active: user.status !== 'INACTIVE' };
}

/** What to ask for, so that the user becomes as the form says. */
export function updateOf(seen: Seen, form: UserForm): UpdateUserInput {
  const before = formOf(seen);
  const input: UpdateUserInput = { id: seen.id, expectedVersion: seen.version };
  if (form.role !== before.role) input.role = form.role;
  if (!isSameSet(form.methods, before.methods)) input.authMethods = form.methods;
  if (form.active !== before.active) input.active = form.active;
  return input;
}

/** Whether the form asks for anything. */
export function isChanged(seen: Seen, form: UserForm): boolean {
  const { id: _, expectedVersion: __, ...changes } = updateOf(seen, form);
  return Object.keys(changes).length > 0;
}

export function isSameSet(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((value) => right.includes(value));
}
