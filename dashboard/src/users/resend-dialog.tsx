import { useDeed, useIdempotencyKey } from '../api/use-deed';
import { tellDone } from '../ui/tell';
import { ConfirmDialog } from './confirm-dialog';
import { ResendInvitation } from './mutations';
import type { User } from './queries';

/** Sends an invitation again. */
export function ResendDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const deed = useDeed(ResendInvitation);
  const keyOf = useIdempotencyKey();
  const confirm = async (confirmEmail: string) => {
    const input = { id: user.id, confirmEmail };
    // Two resends on purpose are two deeds: the version tells them apart.
    const outcome = await deed.run({ ...input, idempotencyKey: keyOf({ ...input, version: user.version }) });
    if (!outcome.done) return;
    tellDone(`The invitation of ${user.email} is sent again. The old link has stopped working.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title="Resend invitation"
      email={user.email ?? ''}
      busy={deed.busy}
      problems={deed.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      A new link is sent, which works as long as a new invitation. The old link stops working.
    </ConfirmDialog>
  );
}
