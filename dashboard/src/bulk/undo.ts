// Taking back what was done to many: each gets what they had before, those with the same together.
import type { Role } from '../gql/graphql';
import type { BulkAction } from './actions';

/** What a user was like before. */
export interface Before {
  role: Role;
  methods: string[];
  active: boolean;
}

/** What is to be done to whom. */
export interface UndoStep {
  action: BulkAction;
  ids: string[];
}

/** Whether an action can be taken back. */
export function isUndoable({ kind }: BulkAction): boolean {
  return kind === 'role' || kind === 'methods' || kind === 'active';
}

/** The steps that take an action back. */
export function undoSteps(action: BulkAction, rows: readonly { id: string; before: Before | null }[]): UndoStep[] {
  const steps = new Map<string, UndoStep>();
  for (const { id, before } of rows) {
    const back = before && backTo(action, before);
    if (!back) continue;
    const key = JSON.stringify(back);
    const step = steps.get(key) ?? { action: back, ids: [] };
    step.ids.push(id);
    steps.set(key, step);
  }
  return [...steps.values()];
}

function backTo({ kind }: BulkAction, { role, methods, active }: Before): BulkAction | null {
  switch (kind) {
    case 'role':
      return { kind, role };
    case 'methods':
      return { kind, methods: [...methods].sort(), labels: [] };
    case 'active':
      return { kind, active };
    default:
      return null;
  }
}
