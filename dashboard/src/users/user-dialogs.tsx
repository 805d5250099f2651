import { lazyPart } from '../ui/lazy-part';
import { useFocusReturn } from '../ui/use-focus-return';
import { DeleteDialog } from './delete-dialog';
import type { Dialog } from './dialog';
import { EraseDialog } from './erase-dialog';
import { InviteDialog } from './invite-dialog';
import { LinkDialog } from './link-dialog';
import { ManageDialog } from './manage-dialog';
import type { User } from './queries';
import { ResendDialog } from './resend-dialog';

const ImportDialog = lazyPart(() => import('../import/import-dialog'), { onFailed: ({ onClose }) => onClose() });

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
    const toMany = () => onOpen({ kind: 'invite-many' });
    return <InviteDialog offered={offered} onClose={onClose} onMany={toMany} onOpen={onOpen} />;
  }
  if (dialog.kind === 'invite-many') return <ImportDialog offered={offered} onClose={onClose} />;

  if (dialog.kind === 'link') return <LinkDialog email={dialog.user.email ?? ''} link={dialog.link} onClose={onClose} />;

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

export default UserDialogs;
