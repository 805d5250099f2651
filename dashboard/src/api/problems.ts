// What users read when something was refused or failed: what happened, and what to do next.
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { CombinedError } from 'urql';
import { graphql } from '../gql';
import { language } from '../language/language';
import { MORE_FROM_SERVER, textOfCode } from './code-texts';

/** What is shown of a refusal. */
export const ShownError = graphql(`
  fragment ShownError on UserError { code message field }
`);

/** A refusal of a mutation, as the API sends it. */
export interface UserError {
  code: string;
  message: string;
  field?: readonly string[] | null;
}

/** A problem to show to the user. */
export interface Problem {
  /** For programs: a code of the API, or `UNREACHABLE`. */
  code: string;
  /** For people: sentences that say what to do. */
  text: string;
  /** The input that it is about, such as `email`; null when it is about the whole. */
  field: string | null;
}

/** The code of what broke: of the first top-level error, or `UNREACHABLE` when no answer came. */
export function codeOf(error: CombinedError): string {
  const code = error.graphQLErrors[0]?.extensions?.code;
  if (typeof code === 'string') return code;
  return error.networkError ? 'UNREACHABLE' : 'INTERNAL';
}

/** A request that broke, as a problem. */
export function problemOf(error: CombinedError): Problem {
  const code = codeOf(error);
  const first = error.graphQLErrors[0];
  const known = textOfCode(code);
  return { code, text: known ? explain(code, first?.message) : fault(first?.message, first?.extensions?.requestId), field: null };
}

/** What a mutation refused, as problems. */
export function problemsOf(errors: readonly UserError[]): Problem[] {
  return errors.map(({ code, message, field }) => ({
    code,
    text: explain(code, message),
    field: field?.at(-1) ?? null,
  }));
}

/** Why something cannot be done, and what to do: from a code, and from what the server says of it. */
export function explain(code: string | null | undefined, message: string | null | undefined): string {
  const known = textOfCode(code ?? '');
  if (!known) return sentence(message ?? t`This cannot be done.`);
  if (message && language() === 'en' && MORE_FROM_SERVER.has(code ?? '')) return sentence(message);
  return i18n._(known);
}

/** A sentence of the server, as people expect it: with a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? '' : '.');
}

function fault(message: string | undefined, requestId: unknown): string {
  if (typeof requestId !== 'string') return message ? sentence(message) : t`Something went wrong. Try again in a moment.`;
  return t`Something went wrong on the server. Try again; if it fails again, give the operator this number: ${requestId}`;
}
