// Inviting many: first looked at, then done in parts, so that one sees how far it has come and a broken connection costs one part.
import { useState } from 'react';
import { type Problem, problemsOf } from '../api/problems';
import { useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import type { InviteUsersRow } from '../gql/graphql';
import { InviteUsers } from './mutations';

const PART = 50;
const PART_OF_LOOK = 1000;

/** What came, or would come, of a row. */
export interface RowResult {
  email: string;
  /** Why it is refused; null when it is not. */
  problem: string | null;
}

export interface InviteMany {
  /** How many rows are answered, while it goes on and after. */
  answered: number;
  busy: boolean;
  problems: Problem[];
  look: (rows: InviteUsersRow[]) => Promise<RowResult[] | null>;
  invite: (rows: InviteUsersRow[]) => Promise<RowResult[] | null>;
}

/** Looks at rows, and invites them. Null where a part broke; invited again, what is done already is not done twice. */
export function useInviteMany(): InviteMany {
  const mutation = useApiMutation(InviteUsers);
  const keyOf = useIdempotencyKeys();
  const [answered, setAnswered] = useState(0);
  const [busy, setBusy] = useState(false);

  const go = async (rows: InviteUsersRow[], dryRun: boolean, size: number) => {
    setBusy(true);
    setAnswered(0);
    const results: RowResult[] = [];
    for (let start = 0; start < rows.length; start += size) {
      const input = { rows: rows.slice(start, start + size), dryRun };
      const outcome = await mutation.run(dryRun ? input : { ...input, idempotencyKey: keyOf(input) });
      if (!outcome.done) break;
      results.push(...outcome.payload.results.map(({ email, userErrors }) => ({ email, problem: reasonOf(userErrors) })));
      setAnswered(results.length);
    }
    setBusy(false);
    return results.length === rows.length ? results : null;
  };
  return {
    answered,
    busy,
    problems: mutation.problems,
    look: (rows) => go(rows, true, PART_OF_LOOK),
    invite: (rows) => go(rows, false, PART),
  };
}

function reasonOf(errors: Parameters<typeof problemsOf>[0]): string | null {
  return errors.length > 0
    ? problemsOf(errors)
        .map((problem) => problem.text)
        .join(' ')
    : null;
}

/** Keys for many inputs: the same for the same input for as long as the dialog is open. */
function useIdempotencyKeys(): (input: unknown) => string {
  const keyOf = useIdempotencyKey();
  const [keys] = useState(() => new Map<string, string>());
  return (input) => {
    const text = JSON.stringify(input);
    const key = keys.get(text) ?? keyOf(input);
    keys.set(text, key);
    return key;
  };
}
