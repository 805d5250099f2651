// What a browser cannot do, anyone who started the script does: it reads a line of our output, and answers by a line of our input.
import { createInterface } from 'node:readline';

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let last = Promise.resolve();

/** One after the other: the answers come in the order of the wishes. */
function wish(wish) {
  last = last.then(async () => {
    process.stdout.write(`${JSON.stringify(wish)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('no test grants wishes: run this as a test, see README.md');
    return JSON.parse(value);
  });
  return last;
}

/** The path of such a link (`invitations`, `reset-password`) in the newest of so many mails to an address that hold one. */
export async function linkTo(to, count = 1, kind = 'invitations') {
  return (await wish({ wish: 'link', to, count, kind })).path;
}

/** Makes a user known to the provider, by the id with which they sign in there. */
export const isKnownToGoogle = (id, claims) => wish({ wish: 'person', id, claims });

/** The path of the link of an invitation that has expired. */
export const expiredInvitation = async (email) => (await wish({ wish: 'expired_invitation', email })).path;

/** Opens the first account, with only its admin in it: the token of her session, `ada`. */
export const opened = (name = 'Acme Works') => wish({ wish: 'opened', name });

/** Opens the first account and fills it with a team: the tokens of the sessions of `ada` (admin), `eve` (viewer) and `bob` (editor). */
export const office = () => wish({ wish: 'office' });

/** Opens another account, and invites its first admin. */
export const anotherAccount = (name, slug, admin) => wish({ wish: 'account', name, slug, admin });

/** Adds so many people to the list. */
export const crowd = (count) => wish({ wish: 'crowd', count });
