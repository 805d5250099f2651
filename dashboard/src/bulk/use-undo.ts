import { useClient } from 'urql';
import type { UndoTarget } from '../gql/graphql';
import { notifyDone, notifyProblem } from '../ui/notify';
import { notUndoneText, undoAll } from './undo';

/** Undoes changes and says what came of it: `done` where all are as before. */
export function useUndo(): (targets: readonly UndoTarget[], done: string) => Promise<void> {
  const client = useClient();
  return async (targets, done) => {
    const problem = notUndoneText(await undoAll(client, targets));
    if (problem) notifyProblem(problem);
    else notifyDone(done);
  };
}
