// Mutations of the API: each has one field called `payload`, with its refusals in `userErrors`.
import { useCallback, useRef, useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useMutation } from 'urql';
import { type Problem, problemOf, problemsOf, type UserError } from './problems';

interface Payload {
  userErrors: readonly UserError[];
}

/** The outcome: the payload if it was done, or the problems to show. */
export type Outcome<P> = { done: true; payload: P } | { done: false; payload: P | null; problems: Problem[] };

export interface ApiMutation<I, P> {
  /** Runs the mutation. Never throws. */
  run: (input: I) => Promise<Outcome<P>>;
  busy: boolean;
  /** What the last attempt refused. */
  problems: Problem[];
  clearProblems: () => void;
}

/** A mutation of the API, to be run with its input. */
export function useApiMutation<I, P extends Payload>(
  document: TypedDocumentNode<{ payload: P }, { input: I }>,
): ApiMutation<I, P> {
  return useMutationOf(document, (input: I) => ({ input }));
}

/** A mutation of the API that takes no input. */
export function useApiMutationWithoutInput<P extends Payload>(
  document: TypedDocumentNode<{ payload: P }, Record<string, never>>,
): ApiMutation<void, P> {
  return useMutationOf(document, (): Record<string, never> => ({}));
}

function useMutationOf<I, V extends AnyVariables, P extends Payload>(
  document: TypedDocumentNode<{ payload: P }, V>,
  variables: (input: I) => V,
): ApiMutation<I, P> {
  const [, execute] = useMutation(document);
  const variablesOf = useRef(variables);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problem[]>([]);

  const run = useCallback(
    async (input: I): Promise<Outcome<P>> => {
      setBusy(true);
      const { data, error } = await execute(variablesOf.current(input));
      const payload = data?.payload ?? null;
      const found = error ? [problemOf(error)] : problemsOf(payload?.userErrors ?? []);
      setBusy(false);
      setProblems(found);
      if (payload && found.length === 0) return { done: true, payload };
      return { done: false, payload, problems: found };
    },
    [execute],
  );
  return { run, busy, problems, clearProblems: useCallback(() => setProblems([]), []) };
}

/** A key for an input: the same for the same input, so that sending it again after a broken connection does nothing twice. */
export function useIdempotencyKey(): (input: unknown) => string {
  const last = useRef({ input: '', key: '' });
  return useCallback((input: unknown) => {
    const text = JSON.stringify(input);
    if (last.current.input !== text) last.current = { input: text, key: randomKey() };
    return last.current.key;
  }, []);
}

/** Keys for many inputs: each keeps its own for as long as the dialog is open. */
export function useIdempotencyKeys(): (input: unknown) => string {
  const [keys] = useState(() => new Map<string, string>());
  return useCallback(
    (input: unknown) => {
      const text = JSON.stringify(input);
      const key = keys.get(text) ?? randomKey();
      keys.set(text, key);
      return key;
    },
    [keys],
  );
}

/** 128 random bits. (`crypto.randomUUID` exists on secure origins only.) */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The sentence about one input, for the field that holds it. */
export function problemAt(problems: readonly Problem[], field: string): string | undefined {
  return problems.find((problem) => problem.field === field)?.text;
}

/** The problems that no field of a form shows. */
export function problemsElsewhere(problems: readonly Problem[], fields: readonly string[]): Problem[] {
  return problems.filter((problem) => problem.field === null || !fields.includes(problem.field));
}
