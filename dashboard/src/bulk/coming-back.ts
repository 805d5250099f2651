// What a user gets back when an event is undone, in words.
import { t } from '@lingui/core/macro';
import type { EventType } from '../gql/graphql';
import { wordOrText } from '../ui/words';

/** What is known of an event that is undone. */
export interface UndoneEvent {
  id: string;
  type: EventType;
  user?: { id: string; email?: string | null; name?: string | null } | null;
  canUndo: { allowed: boolean };
  changes: readonly { field: string; from?: string | null; to?: string | null }[];
}

interface ComingBack {
  id: string;
  who: string;
  what: string;
}

/** What comes back, such as "Viewer instead of Editor". Nothing for an event that cannot be undone. */
export function comingBack({ id, type, user, canUndo, changes }: UndoneEvent): ComingBack[] {
  if (!canUndo.allowed) return [];
  const [change] = changes;
  const from = change?.from ? wordOrText(change.from) : null;
  const to = change?.to ? wordOrText(change.to) : null;
  return [{ id, who: user?.name ?? user?.email ?? t`A user`, what: whatOf(type, from, to) }];
}

function whatOf(type: EventType, from: string | null, to: string | null): string {
  if (type === 'DEACTIVATED') return t`access`;
  if (type === 'ACTIVATED') return t`no access`;
  if (type === 'NAME_CHANGED' && from === null) return t`the name before`;
  const before = from ?? '–';
  const after = to ?? '–';
  return t`${before} instead of ${after}`;
}
