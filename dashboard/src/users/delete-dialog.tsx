import { useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';
import { DeleteUser } from './mutations';
import type { User } from './queries';

/** Deletes a user, or takes an invitation back. */
export function DeleteDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const mutation = useApiMutation(DeleteUser);
  const keyOf = useIdempotencyKey();
  const confirm = async (confirmEmail: string) => {
    const input = { id: user.id, confirmEmail };
    const outcome = await mutation.run({ ...input, idempotencyKey: keyOf(input) });
    if (!outcome.done) return;
    notifyDone(`${user.email} is deleted.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Delete ${user.name ?? user.email}?`}
      verb={user.invitation ? 'Delete invitation' : 'Delete user'}
      isDangerous
      typed={{ label: 'Type the email address to confirm', expected: user.email ?? '', field: 'confirmEmail', type: 'email' }}
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      {user.invitation
        ? 'The invitation is taken back, and its link stops working. Invite the address again to give access.'
        : 'Their access ends at once, everywhere. To give it back, they must be invited again.'}
    </ConfirmDialog>
  );
}
