// Sending all failed invitations again: a hundred in a request, one request after the other, until none is left.
import { plural } from '@lingui/core/macro';

/** One request, as the API takes it. */
export interface ResendPart {
  /** The last user of the part before; null for the first. */
  after: string | null;
  /** How many were confirmed; only in the first part. */
  expectedCount: number | null;
}

/** What a request answers. */
export interface ResentPart {
  resent: number;
  refused: readonly Refused[];
  lastUserId?: string | null;
  remaining: number;
}

/** A user whose invitation is not sent again. */
export interface Refused {
  userId: string;
  user?: { id: string; email?: string | null } | null;
  userErrors: readonly { code: string; message: string }[];
}

/** How far it has come. */
export interface ResendProgress {
  resent: number;
  refused: readonly Refused[];
  after: string | null;
  isDone: boolean;
}

export const NOTHING_RESENT: ResendProgress = { resent: 0, refused: [], after: null, isDone: false };

/**
 * Goes on from `progress` until it is done. `send` answers null where a request broke or was refused as a whole: then what is returned is not
 * done, and can be gone on with.
 */
export async function resendAll(
  count: number,
  progress: ResendProgress,
  send: (part: ResendPart) => Promise<ResentPart | null>,
  onProgress: (progress: ResendProgress) => void,
): Promise<ResendProgress> {
  let current = progress;
  while (!current.isDone) {
    const { after } = current;
    const part = await send({ after, expectedCount: after === null ? count : null });
    if (!part) return current;
    const last = part.lastUserId ?? null;
    // Where one is refused, so are all after it: the limit of the day is reached.
    const isDone = last === null || part.remaining === 0 || part.refused.length > 0;
    current = {
      resent: current.resent + part.resent,
      refused: [...current.refused, ...part.refused],
      after: last ?? after,
      isDone,
    };
    onProgress(current);
  }
  return current;
}

/** `1 invitation`, `60 invitations`. */
export function invitations(count: number): string {
  return plural(count, { one: '# invitation', other: '# invitations' });
}
