import { useFocusReturn } from '../ui/use-focus-return';
import { DeleteDialog } from './delete-dialog';
import { EraseDialog } from './erase-dialog';
import { InviteDialog } from './invite-dialog';
import { InviteManyDialog } from './invite-many-dialog';
import { ManageDialog } from './manage-dialog';
import type { User } from './queries';
import { ResendDialog } from './resend-dialog';
import type { UserDialog } from './row-menu';

/** The dialog that is open. */
export type Dialog = { kind: 'invite' } | { kind: 'invite-many' } | { kind: UserDialog; user: User };

interface Props {
  dialog: Dialog;
  /** The users as they are now, for a dialog that was opened some time ago. */
  users: User[];
  offered: User['authMethods'];
  onOpen: (dialog: Dialog) => void;
  onClose: () => void;
  onStale: () => void;
}

export function UserDialogs({ dialog, users, offered, onOpen, onClose, onStale }: Props) {
  useFocusReturn();
  if (dialog.kind === 'invite') {
    return <InviteDialog offered={offered} onClose={onClose} onMany={() => onOpen({ kind: 'invite-many' })} />;
  }
  if (dialog.kind === 'invite-many') return <InviteManyDialog offered={offered} onClose={onClose} />;

  const user = users.find((one) => one.id === dialog.user.id) ?? dialog.user;
  switch (dialog.kind) {
    case 'manage':
      return <ManageDialog user={user} offered={offered} onClose={onClose} onStale={onStale} />;
    case 'resend':
      return <ResendDialog user={user} onClose={onClose} />;
    case 'erase':
      return <EraseDialog user={user} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog user={user} onClose={onClose} />;
  }
}
