import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from 'urql';
import { useLocation } from 'wouter';
import { chooseLanguage, language } from '../language/language';
import { CHOICES } from '../language/languages';
import { useViewer } from '../session/session';
import { PROFILE, routesOf } from '../shell/routes';
import { useSignOut } from '../shell/use-sign-out';
import {
  ClockIcon,
  ImportIcon,
  InviteIcon,
  KeyboardIcon,
  LanguageIcon,
  MoonIcon,
  SignOutIcon,
  SunIcon,
  UsersIcon,
} from '../ui/icons';
import type { Dialog } from '../users/dialog';
import { listPath } from '../users/list-state';
import { SavedViews, stateOf, viewsOf } from '../views/views';
import type { Entry } from './entries';
import { offersOfPage } from './offers';

interface Does {
  onClose: () => void;
  onHelp: () => void;
  onTimeZone: () => void;
  onDialog: (dialog: Dialog) => void;
}

/** The pages that the viewer sees, and the actions that concern no one in particular. */
export function usePageEntries({ onClose, onHelp, onTimeZone, onDialog }: Does): Entry[] {
  const { user } = useViewer();
  const [, go] = useLocation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const signOut = useSignOut();
  const [saved] = useQuery({ query: SavedViews, pause: user.role !== 'ADMIN' });
  const pages = [...routesOf(user.role), PROFILE].map(({ path, label, icon }) => ({
    id: path,
    group: t`Pages`,
    label: i18n._(label),
    icon,
    run: () => {
      onClose();
      go(path);
    },
  }));
  const action = (id: string, label: string, icon: Entry['icon'], run: () => void): Entry => ({
    id,
    group: t`Actions`,
    label,
    ...(icon ? { icon } : {}),
    run,
  });
  const ofAdmins = [
    action('invite', t`Invite user …`, InviteIcon, () => onDialog({ kind: 'invite' })),
    action('invite-many', t`Invite many users …`, ImportIcon, () => onDialog({ kind: 'invite-many' })),
  ];
  const views = viewsOf(saved.data?.savedViews ?? []).map((view) => ({
    id: `view-${view.id}`,
    group: t`Views of the list`,
    label: view.name,
    icon: UsersIcon,
    run: () => {
      onClose();
      go(listPath(stateOf(view)));
    },
  }));
  const languages = CHOICES.filter(({ tag }) => tag !== language()).map(({ tag, name }) =>
    action(`language-${tag}`, t`Language: ${name}`, LanguageIcon, () => chooseLanguage(tag)),
  );
  const offers = offersOfPage().map((offer) => ({
    ...offer,
    run: () => {
      onClose();
      offer.run();
    },
  }));
  return [
    // What is selected is what one most likely wants to do something to.
    ...offers,
    ...pages,
    ...(user.role === 'ADMIN' ? [...ofAdmins, ...views] : []),
    action('colors', isDark ? t`Change to light colours` : t`Change to dark colours`, isDark ? SunIcon : MoonIcon, () => {
      setColorScheme(isDark ? 'light' : 'dark');
      onClose();
    }),
    action('time-zone', t`Change the time zone …`, ClockIcon, onTimeZone),
    ...languages,
    action('keys', t`Show the keys`, KeyboardIcon, onHelp),
    action('sign-out', t`Sign out`, SignOutIcon, signOut),
  ];
}
