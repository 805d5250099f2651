// The sentences of the server, in the language of the page. A sentence that is not known here is shown in English, as the server says it.
import { t } from '@lingui/core/macro';
import { list } from '../ui/formats';
import { methodWord } from '../ui/words';

type Say = (found: string, other: string) => string;

const SAID: [RegExp, Say][] = [
  [/^The mail with the invitation was sent$/, () => t`The mail with the invitation was sent`],
  [/^The mail with a password-reset link was sent$/, () => t`The mail with a password-reset link was sent`],
  [/^The mail about removed access was sent$/, () => t`The mail about removed access was sent`],
  [/^The mail about restored access was sent$/, () => t`The mail about restored access was sent`],
  [/^The mail with the invitation was given up: (.+)$/, (why) => t`The mail with the invitation was given up: ${why}`],
  [
    /^The mail with a password-reset link was given up: (.+)$/,
    (why) => t`The mail with a password-reset link was given up: ${why}`,
  ],
  [/^The mail about removed access was given up: (.+)$/, (why) => t`The mail about removed access was given up: ${why}`],
  [/^The mail about restored access was given up: (.+)$/, (why) => t`The mail about restored access was given up: ${why}`],
  [/^An API key was created$/, () => t`An API key was created`],
  [/^An API key was revoked$/, () => t`An API key was revoked`],
  [/^The API key (.+) was created$/, (name) => t`The API key ${name} was created`],
  [/^The service key (.+) was created, with (.+)$/, (name, scopes) => t`The service key ${name} was created, with ${scopes}`],
  [/^The service key (.+) was revoked$/, (name) => t`The service key ${name} was revoked`],
  [/^The account (.+) was opened$/, (name) => t`The account ${name} was opened`],
  [
    /^The ways to sign in that the account offers changed from (.+) to (.+)$/,
    (before, after) => {
      const from = methods(before);
      const to = methods(after);
      return t`The ways to sign in that the account offers changed from ${from} to ${to}`;
    },
  ],
  [
    /^The account offers (.+) to sign in$/,
    (ids) => {
      const offered = methods(ids);
      return t`The account offers ${offered} to sign in`;
    },
  ],
  [/^The user signed in with (.+) for the first time$/, (method) => t`The user signed in with ${method} for the first time`],
  [/^The history was exported as (.+)$/, (how) => t`The history was exported as ${how}`],
  [/^The list of users was exported as (.+)$/, (how) => t`The list of users was exported as ${how}`],
  [/^This event cannot be read$/, () => t`This event cannot be read`],
];

/** What the server says of an event, without a full stop. */
export function toldOf(summary: string): string {
  const told = summary.replace(/\.$/, '');
  for (const [sentence, say] of SAID) {
    const found = told.match(sentence);
    if (found) return say(found[1] ?? '', found[2] ?? '');
  }
  return told;
}

/** Ids of sign-in methods, as the server lists them. */
function methods(ids: string): string {
  return list(ids.split(', ').map((id) => methodWord({ id, label: id })));
}
