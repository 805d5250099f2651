import { useApiMutation } from '../api/use-api-mutation';
import { notifyDone } from '../ui/notify';
import { ConfirmDialog } from './confirm-dialog';
import { EraseUser } from './mutations';
import type { User } from './queries';

/** Erases the personal data of a deleted user. */
export function EraseDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const mutation = useApiMutation(EraseUser);
  const confirm = async (confirmEmail: string) => {
    const outcome = await mutation.run({ id: user.id, confirmEmail });
    if (!outcome.done) return;
    notifyDone('What was personal of this user is erased.');
    onClose();
  };
  return (
    <ConfirmDialog
      title="Erase user"
      email={user.email ?? ''}
      color="red"
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      The address, the name and the places of sign-in are deleted, also in the history. This cannot be undone.
    </ConfirmDialog>
  );
}
