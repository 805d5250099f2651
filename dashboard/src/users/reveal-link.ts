import type { Client } from 'urql';
import { problemOf, problemsOf } from '../api/problems';
import { RevealInvitationLink } from './mutations';

/** The link of an invitation, or why it cannot be had. */
export async function revealLink(client: Client, id: string): Promise<{ link: string | null; problem: string }> {
  const { data, error } = await client.mutation(RevealInvitationLink, { input: { id } }).toPromise();
  const problems = error ? [problemOf(error)] : problemsOf(data?.payload.userErrors ?? []);
  return { link: data?.payload.link ?? null, problem: problems.map(({ text }) => text).join(' ') };
}
