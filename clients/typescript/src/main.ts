// An example program for admins, with types from the published schema: accept an invitation, list users in pages, invite a user, send the
// invitation again, change and delete the user, and follow the events. To run it against `roster dev`:
//   npm ci && npm run generate && npm run build && npm start -- URL INVITATION_TOKEN PASSWORD
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { ClientError, GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphql } from './generated/gql.js';
import type { EventsSubscription, EventsSubscriptionVariables, EventType, InviteUserInput, UserErrorCode } from './generated/graphql.js';

const Accept = graphql(`
  mutation Accept($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      token
      viewer { user { email role } account { slug } }
      userErrors { code message field }
    }
  }
`);

const Users = graphql(`
  query Users($first: Int!, $after: String, $filter: UserFilter) {
    users(first: $first, after: $after, filter: $filter) {
      totalCount
      nodes { id email name role status createdAt lastActiveAt }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const Invite = graphql(`
  mutation Invite($input: InviteUserInput!) {
    inviteUser(input: $input) {
      user { id email status version invitation { expiresAt } }
      userErrors { code message field }
    }
  }
`);

const Resend = graphql(`
  mutation Resend($input: ResendInvitationInput!) {
    resendInvitation(input: $input) {
      user { id version invitation { sentAt expiresAt } }
      userErrors { code message field }
    }
  }
`);

const Update = graphql(`
  mutation Update($input: UpdateUserInput!) {
    updateUser(input: $input) {
      user { id role version }
      userErrors { code message field }
    }
  }
`);

const Delete = graphql(`
  mutation Delete($input: DeleteUserInput!) {
    deleteUser(input: $input) {
      user { status }
      userErrors { code message field }
    }
  }
`);

const Events = graphql(`
  subscription Events($after: String!, $filter: UserEventFilter) {
    userEvents(after: $after, filter: $filter) { cursor type summary user { id email } }
  }
`);

const Cursor = graphql(`query Cursor { eventCursor }`);

/** What a rule said no to. */
class Refused extends Error {
  constructor(readonly code: UserErrorCode, message: string) {
    super(message);
  }
}

/** Answers a payload that did something; what was refused is thrown. */
function done<Payload extends { userErrors: Array<{ code: UserErrorCode; message: string }> }>(payload: Payload): Payload {
  const [error] = payload.userErrors;
  if (error) throw new Refused(error.code, error.message);
  return payload;
}

async function code(refused: Promise<unknown>): Promise<string> {
  try {
    await refused;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    if (error instanceof ClientError) return String(error.response.errors?.[0]?.extensions['code']);
    throw error;
  }
  throw new Error('this should have been refused');
}

const [url, token, password] = process.argv.slice(2);
if (!url || !token || !password) throw new Error('usage: npm start -- URL INVITATION_TOKEN PASSWORD');

// 1. Accept: the answer holds the session.
const visitor = new GraphQLClient(`${url}/graphql`);
assert.equal(await code(visitor.request(Users, { first: 1 })), 'UNAUTHENTICATED');
const accepting = await visitor.request(Accept, { input: { token, password, name: 'Ada Lovelace', transport: 'TOKEN' } });
const accepted = done(accepting.acceptInvitation);
const admin = new GraphQLClient(`${url}/graphql`, { headers: { authorization: `Bearer ${accepted.token}` } });
const beginning = (await admin.request(Cursor)).eventCursor!;
const invite = async (input: InviteUserInput) => done((await admin.request(Invite, { input })).inviteUser).user!;

// 2. Invite; the same key again does nothing more, the same address is refused.
const invited = [];
for (let number = 1; number <= 7; number += 1) {
  const email = `person${number}@typed.example`;
  invited.push(await invite({ email, role: 'VIEWER', authMethods: ['password'], idempotencyKey: randomUUID() }));
}
const input: InviteUserInput = { email: 'twice@typed.example', role: 'EDITOR', authMethods: ['password'], idempotencyKey: randomUUID() };
const [once, again] = [await invite(input), await invite(input)];
assert.equal(once.id, again.id);
assert.equal(await code(invite({ ...input, idempotencyKey: randomUUID() })), 'ALREADY_INVITED');
invited.push(once);

// 3. List in pages.
const listed = new Map<string, string>();
let after: string | null = null;
do {
  const { users }: Awaited<ReturnType<typeof page>> = await page(after);
  assert.ok(users && users.nodes.length <= 3);
  for (const user of users.nodes) listed.set(user.id, user.status);
  after = users.pageInfo.hasNextPage ? (users.pageInfo.endCursor ?? null) : null;
  if (after === null) assert.equal(listed.size, users.totalCount);
} while (after !== null);
assert.ok(invited.every(({ id }) => listed.get(id) === 'PENDING_INVITATION'));

function page(after: string | null) {
  return admin.request(Users, { first: 3, after, filter: { search: 'typed.example' } });
}

// 4. Send again, change with the version that was seen, delete.
const target = { id: once.id, confirmEmail: once.email! };
const resent = done((await admin.request(Resend, { input: target })).resendInvitation).user!;
assert.ok(new Date(resent.invitation!.expiresAt) > new Date());
const change = async (expectedVersion: number) =>
  done((await admin.request(Update, { input: { id: once.id, role: 'ADMIN', expectedVersion } })).updateUser).user!;
assert.equal(await code(change(once.version)), 'VERSION_CONFLICT');
assert.equal((await change(resent.version)).role, 'ADMIN');
const remove = async (confirmEmail: string) => done((await admin.request(Delete, { input: { ...target, confirmEmail } })).deleteUser).user!;
assert.equal(await code(remove('other@typed.example')), 'CONFIRMATION_MISMATCH');
assert.equal((await remove(target.confirmEmail)).status, 'DELETED');
assert.equal((await page(null)).users?.totalCount, invited.length - 1);

// 5. Follow the changes of one user from the beginning, first the past ones, then live. `types` leaves out mails and sign-ins.
const socket = createClient({
  url: `${url.replace(/^http/, 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${accepted.token}` },
});
const happened: string[] = [];
const types: EventType[] = ['INVITED', 'INVITATION_RESENT', 'ROLE_CHANGED', 'DELETED'];
const variables: EventsSubscriptionVariables = { after: beginning, filter: { users: [once.id], types } };
for await (const { data, errors } of socket.iterate<EventsSubscription>({ query: print(Events), variables: { ...variables } })) {
  assert.equal(errors, undefined);
  assert.equal(data?.userEvents.user?.id, once.id);
  happened.push(data.userEvents.type);
  if (data.userEvents.type === 'DELETED') break;
}
assert.deepEqual(happened, ['INVITED', 'INVITATION_RESENT', 'ROLE_CHANGED', 'DELETED']);
await socket.dispose();

console.log(`${accepted.viewer?.user.email} did the whole job`);
