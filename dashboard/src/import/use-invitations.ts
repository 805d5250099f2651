// Inviting the people of a file: first the server is asked about each, then they are invited. Both in parts, so that one sees how far it is,
// and a broken connection costs one part.
import { useRef, useState } from 'react';
import { type Problem, problemsOf, type UserError } from '../api/problems';
import { useApiMutation, useIdempotencyKeys } from '../api/use-api-mutation';
import { graphql } from '../gql';
import type { InviteUsersRow } from '../gql/graphql';
import { sameAddress } from './addresses';
import type { Person, RowProblem } from './people';

const InviteUsers = graphql(`
  mutation InviteUsers($input: InviteUsersInput!) {
    payload: inviteUsers(input: $input) {
      invited
      results { index email userErrors { ...ShownError } }
      userErrors { ...ShownError }
    }
  }
`);

const MAX_PART = 1000;
const MIN_PART = 50;
/** In how many parts at most, unless they would be larger than the server takes. */
const PARTS = 20;

/** What the server says of an address: null if it can be invited. */
export type Verdicts = ReadonlyMap<string, RowProblem | null>;

export interface Invitations {
  /** What is known of addresses so far. */
  verdicts: Verdicts;
  /** How many are answered, of how many, while something goes on. */
  progress: { answered: number; all: number } | null;
  problems: Problem[];
  /** Asks about people of whom nothing is known. Answers whether all is known now. */
  check: (people: readonly Person[]) => Promise<boolean>;
  /** Invites people. Answers them with what came of each; null where it broke: called again, it goes on from there. */
  invite: (people: readonly Person[]) => Promise<Person[] | null>;
}

export function useInvitations(): Invitations {
  const mutation = useApiMutation(InviteUsers);
  const keyOf = useIdempotencyKeys();
  const [verdicts, setVerdicts] = useState<Verdicts>(new Map());
  const [progress, setProgress] = useState<Invitations['progress']>(null);
  const done = useRef(new Map<string, Person>());

  /** Sends people in parts; stops at a part that breaks. */
  const send = async (
    people: readonly Person[],
    size: number,
    dryRun: boolean,
    onPart: (part: readonly Person[], problems: (RowProblem | null)[]) => void,
  ) => {
    for (let start = 0; start < people.length; start += size) {
      setProgress({ answered: start, all: people.length });
      const part = people.slice(start, start + size);
      const input = { rows: part.map(rowOf), dryRun };
      const outcome = await mutation.run(dryRun ? input : { ...input, idempotencyKey: keyOf(input) });
      if (!outcome.done) break;
      onPart(
        part,
        outcome.payload.results.map(({ userErrors }) => refusalOf(userErrors)),
      );
    }
    setProgress(null);
  };

  const check = async (people: readonly Person[]) => {
    const known = new Map(verdicts);
    const unknown = people.filter(({ address }) => !known.has(sameAddress(address)));
    await send(unknown, MAX_PART, true, (part, problems) => {
      for (const [index, { address }] of part.entries()) known.set(sameAddress(address), problems[index] ?? null);
    });
    setVerdicts(known);
    return people.every(({ address }) => known.has(sameAddress(address)));
  };
  const invite = async (people: readonly Person[]) => {
    const open = people.filter(({ address }) => !done.current.has(address));
    const size = Math.min(MAX_PART, Math.max(MIN_PART, Math.ceil(people.length / PARTS)));
    await send(open, size, false, (part, problems) => {
      for (const [index, person] of part.entries())
        done.current.set(person.address, { ...person, problem: problems[index] ?? null });
    });
    const results = people.flatMap(({ address }) => done.current.get(address) ?? []);
    return results.length === people.length ? results : null;
  };
  return { verdicts, progress, problems: mutation.problems, check, invite };
}

function rowOf({ address, role, methods }: Person): InviteUsersRow {
  return { email: address, role, authMethods: methods };
}

function refusalOf(errors: readonly UserError[]): RowProblem | null {
  const problems = problemsOf(errors);
  const [first] = problems;
  return first ? { kind: 'refused', code: first.code, text: problems.map(({ text }) => text).join(' ') } : null;
}
