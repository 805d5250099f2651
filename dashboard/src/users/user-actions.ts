// What can be done with a user, for every place that offers it: the menu of a row, the page of a person, the palette.
import { t } from '@lingui/core/macro';
import { explain } from '../api/problems';
import { ActivateIcon, CopyIcon, DeactivateIcon, DeleteIcon, EditIcon, EraseIcon, type Icon, ResendIcon } from '../ui/icons';
import type { User } from './queries';

type Possibility = NonNullable<User['viewerCan']>['delete'];

export type ActionId = 'manage' | 'resend' | 'copy-link' | 'deactivate' | 'activate' | 'delete' | 'erase';

export interface UserAction {
  id: ActionId;
  label: string;
  icon: Icon;
  /** Why it cannot be done now; null if it can. */
  reason: string | null;
  isDangerous: boolean;
}

/** The actions for a user, also those that are not possible now. None for users of the past. */
export function actionsOf({ viewerCan: can, invitation, status }: User): UserAction[] {
  if (!can) return [];
  const action = (id: ActionId, label: string, icon: Icon, possibility: Possibility, isDangerous = false): UserAction => {
    const reason = possibility.allowed ? null : explain(possibility.code, possibility.message);
    return { id, label, icon, reason, isDangerous };
  };
  if (status === 'DELETED') return [action('erase', t`Erase permanently …`, EraseIcon, can.erase, true)];
  const manage = can.changeRole.allowed ? can.changeRole : can.changeAuthMethods;
  return [
    action('manage', t`Manage user …`, EditIcon, manage),
    ...(invitation
      ? [
          action('resend', t`Resend invitation …`, ResendIcon, can.resendInvitation),
          action('copy-link', t`Copy invitation link`, CopyIcon, can.revealInvitationLink),
        ]
      : []),
    ...(status === 'ACTIVE' ? [action('deactivate', t`Deactivate user`, DeactivateIcon, can.deactivate)] : []),
    ...(status === 'INACTIVE' ? [action('activate', t`Activate user`, ActivateIcon, can.activate)] : []),
    action('delete', invitation ? t`Delete invitation …` : t`Delete user …`, DeleteIcon, can.delete, true),
  ];
}
