import { useDeed } from '../api/use-deed';
import { tellDone } from '../ui/tell';
import { ConfirmDialog } from './confirm-dialog';
import { EraseUser } from './mutations';
import type { User } from './queries';

/** Forgets for ever what is personal of a deleted user. */
export function EraseDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const deed = useDeed(EraseUser);
  const confirm = async (confirmEmail: string) => {
    const outcome = await deed.run({ id: user.id, confirmEmail });
    if (!outcome.done) return;
    tellDone('What was personal of this user is erased.');
    onClose();
  };
  return (
    <ConfirmDialog
      title="Erase user"
      email={user.email ?? ''}
      color="red"
      busy={deed.busy}
      problems={deed.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      Address, name, and from where they were signed in are forgotten, in the history, too. Nobody can bring them back.
    </ConfirmDialog>
  );
}
