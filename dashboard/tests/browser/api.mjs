// What people do beside the pages that a story is about: requests of a page's session, or of a token.
import assert from 'node:assert/strict';
import { url } from './stage.mjs';
import { linkTo } from './wishes.mjs';

export const PASSWORD = 'seven lighthouses hum quietly';

/** Asks with a bearer token, or without any: the whole answer. */
export async function ask(query, variables = {}, token = null) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

/** Runs a mutation with the session of a page: its payload, in which nothing was refused. */
export async function mutate(page, mutation, input, fields = 'user { id }') {
  const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { payload: ${mutation}(input: $input) { ${fields} userErrors { code message } } }`;
  const body = JSON.stringify({ query, variables: { input } });
  const answer = await page.evaluate(async (body) => {
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return response.json();
  }, body);
  assert.deepEqual(answer.data?.payload?.userErrors, [], `${mutation}: ${JSON.stringify(answer)}`);
  return answer.data.payload;
}

/** Invites a user with the session of a page: their id. */
export async function invite(page, email, role = 'VIEWER') {
  const { user } = await mutate(page, 'inviteUser', { email, role, authMethods: ['password', 'google'] });
  return user.id;
}

/** Invites a user, who accepts at once: their id, and the token of their session. */
export async function join(page, { email, name, role = 'VIEWER' }) {
  const id = await invite(page, email, role);
  const token = (await linkTo(email)).split('/').at(-1);
  const accept = 'mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { token userErrors { code } } }';
  const { data } = await ask(accept, { input: { token, password: PASSWORD, name, transport: 'TOKEN' } });
  assert.deepEqual(data.acceptInvitation.userErrors, []);
  return { id, token: data.acceptInvitation.token };
}
