import { i18n } from '@lingui/core';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useLocation } from 'wouter';
import { useViewer } from '../session/session';
import { PROFILE, routesOf } from '../shell/routes';
import { useSignOut } from '../shell/use-sign-out';
import { ImportIcon, InviteIcon, KeyboardIcon, MoonIcon, SignOutIcon, SunIcon } from '../ui/icons';
import type { Dialog } from '../users/dialog';
import type { Entry } from './entries';

interface Does {
  onClose: () => void;
  onHelp: () => void;
  onDialog: (dialog: Dialog) => void;
}

/** The pages that the viewer sees, and the actions that concern no one in particular. */
export function usePageEntries({ onClose, onHelp, onDialog }: Does): Entry[] {
  const { user } = useViewer();
  const [, go] = useLocation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const signOut = useSignOut();
  const pages = [...routesOf(user.role), PROFILE].map(({ path, label, icon }) => ({
    id: path,
    group: 'Pages',
    label: i18n._(label),
    icon,
    run: () => {
      onClose();
      go(path);
    },
  }));
  const action = (id: string, label: string, icon: Entry['icon'], run: () => void): Entry => ({
    id,
    group: 'Actions',
    label,
    ...(icon ? { icon } : {}),
    run,
  });
  const ofAdmins = [
    action('invite', 'Invite user …', InviteIcon, () => onDialog({ kind: 'invite' })),
    action('invite-many', 'Invite many users …', ImportIcon, () => onDialog({ kind: 'invite-many' })),
  ];
  return [
    ...pages,
    ...(user.role === 'ADMIN' ? ofAdmins : []),
    action('colors', isDark ? 'Change to light colours' : 'Change to dark colours', isDark ? SunIcon : MoonIcon, () => {
      setColorScheme(isDark ? 'light' : 'dark');
      onClose();
    }),
    action('keys', 'Show the keys', KeyboardIcon, onHelp),
    action('sign-out', 'Sign out', SignOutIcon, signOut),
  ];
}
