// Does what `user-actions.ts` offers.
import { t } from '@lingui/core/macro';
import { useClient } from 'urql';
import { useApiMutation } from '../api/use-api-mutation';
import { useUndo } from '../bulk/use-undo';
import { copy } from '../ui/copy';
import { notifyDone, notifyProblem } from '../ui/notify';
import type { Dialog } from './dialog';
import { UpdateUser } from './mutations';
import type { User } from './queries';
import { revealLink } from './reveal-link';
import type { ActionId } from './user-actions';

/** Runs an action for a user: at once, or by opening its dialog. */
export function useUserActions(onOpen: (dialog: Dialog) => void): (id: ActionId, user: User) => Promise<void> {
  const client = useClient();
  const update = useApiMutation(UpdateUser);
  const undo = useUndo();

  const setActive = async (user: User, active: boolean) => {
    const outcome = await update.run({ id: user.id, active });
    if (!outcome.done) return notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
    const name = user.name ?? user.email ?? '';
    const text = active ? t`${name} is active again.` : t`${name} is deactivated, and signed out everywhere.`;
    const targets = outcome.payload.eventIds.map((eventId) => ({ eventId }));
    notifyDone(text, targets.length > 0 ? { label: t`Undo`, run: () => undo(targets, t`${name} is as before.`) } : null);
  };
  const copyLink = async (user: User) => {
    const { link, problem } = await revealLink(client, user.id);
    if (link === null) return notifyProblem(problem);
    if (await copy(link)) notifyDone(t`The invitation link for ${user.email ?? ''} is copied. Anyone who holds it can accept.`);
    else onOpen({ kind: 'link', user, link });
  };
  return async (id, user) => {
    switch (id) {
      case 'copy-link':
        return copyLink(user);
      case 'activate':
      case 'deactivate':
        return setActive(user, id === 'activate');
      default:
        return onOpen({ kind: id, user });
    }
  };
}
