import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useApiMutation } from '../api/use-api-mutation';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { notifyDone } from '../ui/notify';
import { EraseUser } from './mutations';
import type { User } from './queries';

/** Erases the personal data of a deleted user. */
export function EraseDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const name = user.name ?? user.email ?? '';
  const mutation = useApiMutation(EraseUser);
  const confirm = async (confirmEmail: string) => {
    const outcome = await mutation.run({ id: user.id, confirmEmail });
    if (!outcome.done) return;
    notifyDone(t`The personal data of this user is erased.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t`Erase ${name} permanently?`}
      verb={t`Erase permanently`}
      isDangerous
      typed={{ label: t`Type the email address to confirm`, expected: user.email ?? '', field: 'confirmEmail', type: 'email' }}
      busy={mutation.busy}
      problems={mutation.problems}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Trans>The address, the name and the places of sign-in are deleted, also in the history. This cannot be undone.</Trans>
    </ConfirmDialog>
  );
}
