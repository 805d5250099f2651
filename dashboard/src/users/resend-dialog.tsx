import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useApiMutation, useIdempotencyKey } from '../api/use-api-mutation';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';
import { ResendInvitation } from './mutations';
import type { User } from './queries';

/** Sends an invitation again. */
export function ResendDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const address = user.email ?? '';
  const mutation = useApiMutation(ResendInvitation);
  const keyOf = useIdempotencyKey();
  const confirm = async (confirmEmail: string) => {
    const input = { id: user.id, confirmEmail };
    // Two resends on purpose are two commands: the version makes their keys differ.
    const outcome = await mutation.run({ ...input, idempotencyKey: keyOf({ ...input, version: user.version }) });
    if (!outcome.done) return;
    notifyDone(t`The invitation to ${address} is sent again. The old link no longer works.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t`Resend the invitation to ${address}?`}
      verb={t`Resend invitation`}
      typed={{ label: t`Type the email address to confirm`, expected: user.email ?? '', field: 'confirmEmail', type: 'email' }}
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Trans>A new link is sent, which works as long as a new invitation. The old link stops working.</Trans>
    </ConfirmDialog>
  );
}
