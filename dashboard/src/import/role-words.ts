// Words for roles and login methods, as files of other products call them.
import type { Role } from '../gql/graphql';

// Only words that say clearly what someone may do. One that is not here is shown, and asked for.
const ROLE_WORDS: Record<Role, string[]> = {
  ADMIN: ['admin', 'admins', 'administrator', 'administrators', 'owner', 'super admin', 'superadmin', 'org admin', 'full access'],
  EDITOR: ['editor', 'edit', 'can edit', 'write', 'writer', 'read write', 'contributor', 'author', 'bearbeiter', 'redakteur'],
  VIEWER: [
    'viewer',
    'view',
    'can view',
    'view only',
    'read',
    'reader',
    'read only',
    'readonly',
    'member',
    'user',
    'guest',
    'observer',
    'betrachter',
    'mitglied',
    'leser',
  ],
};

const ROLE_OF = new Map(Object.entries(ROLE_WORDS).flatMap(([role, words]) => words.map((word) => [word, role as Role])));

/** The role that a word means; null if that is not clear. */
export function roleOf(text: string): Role | null {
  return ROLE_OF.get(wordOf(text)) ?? null;
}

/** A word as it is compared: `Read-Only` is `read only`. */
export function wordOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_\-/]+/g, ' ');
}

/** A login method that the account offers. */
export interface Method {
  id: string;
  kind: string;
  label: string;
}

/** The ids of the methods that a text names, and what it names besides. */
export function methodsOf(text: string, offered: readonly Method[]): { ids: string[]; unknown: string | null } {
  const whole = methodOf(text, offered);
  if (whole) return { ids: [whole], unknown: null };
  const parts = text.split(/[|;,+&/]|\s+and\s+/i).filter((part) => part.trim() !== '');
  const words = parts.flatMap((part) => (methodOf(part, offered) ? [part] : part.trim().split(/\s+/)));
  const found = words.map((word) => methodOf(word, offered));
  const unknown = words.find((_, index) => found[index] === null) ?? null;
  return { ids: [...new Set(found.filter((id) => id !== null))], unknown };
}

const PASSWORD_WORDS = ['password', 'email', 'e mail', 'email and password', 'e mail and password', 'email password', 'passwort'];

function methodOf(text: string, offered: readonly Method[]): string | null {
  const word = wordOf(text);
  const method = offered.find(
    ({ id, kind, label }) =>
      word === wordOf(id) || word === wordOf(label) || (kind === 'PASSWORD' && PASSWORD_WORDS.includes(word)),
  );
  return method?.id ?? null;
}
