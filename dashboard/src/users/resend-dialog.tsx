import { useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { notifyDone } from '../ui/notify';
import { ConfirmDialog } from './confirm-dialog';
import { ResendInvitation } from './mutations';
import type { User } from './queries';

/** Sends an invitation again. */
export function ResendDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const mutation = useApiMutation(ResendInvitation);
  const keyOf = useIdempotencyKey();
  const confirm = async (confirmEmail: string) => {
    const input = { id: user.id, confirmEmail };
    // Two resends on purpose are two commands: the version makes their keys differ.
    const outcome = await mutation.run({ ...input, idempotencyKey: keyOf({ ...input, version: user.version }) });
    if (!outcome.done) return;
    notifyDone(`The invitation of ${user.email} is sent again. The old link has stopped working.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title="Resend invitation"
      email={user.email ?? ''}
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      A new link is sent, which works as long as a new invitation. The old link stops working.
    </ConfirmDialog>
  );
}
