import { t } from '@lingui/core/macro';
import { useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';
import { DeleteUser } from './mutations';
import type { User } from './queries';

/** Deletes a user, or takes an invitation back. */
export function DeleteDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const address = user.email ?? '';
  const name = user.name ?? user.email ?? '';
  const mutation = useApiMutation(DeleteUser);
  const keyOf = useIdempotencyKey();
  const confirm = async (confirmEmail: string) => {
    const input = { id: user.id, confirmEmail };
    const outcome = await mutation.run({ ...input, idempotencyKey: keyOf(input) });
    if (!outcome.done) return;
    notifyDone(t`${address} is deleted.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t`Delete ${name}?`}
      verb={user.invitation ? t`Delete invitation` : t`Delete user`}
      isDangerous
      typed={{ label: t`Type the email address to confirm`, expected: user.email ?? '', field: 'confirmEmail', type: 'email' }}
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      {user.invitation
        ? t`The invitation is taken back, and its link stops working. Invite the address again to give access.`
        : t`Their access ends at once, everywhere. To give it back, they must be invited again.`}
    </ConfirmDialog>
  );
}
