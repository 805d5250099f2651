import { useApiMutation } from '../api/use-api-mutation';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';
import { EraseUser } from './mutations';
import type { User } from './queries';

/** Erases the personal data of a deleted user. */
export function EraseDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const mutation = useApiMutation(EraseUser);
  const confirm = async (confirmEmail: string) => {
    const outcome = await mutation.run({ id: user.id, confirmEmail });
    if (!outcome.done) return;
    notifyDone('The personal data of this user is erased.');
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Erase ${user.name ?? user.email} permanently?`}
      verb="Erase permanently"
      isDangerous
      typed={{ label: 'Type the email address to confirm', expected: user.email ?? '', field: 'confirmEmail', type: 'email' }}
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      The address, the name and the places of sign-in are deleted, also in the history. This cannot be undone.
    </ConfirmDialog>
  );
}
