import { i18n } from '@lingui/core';
import { Trans } from '@lingui/react/macro';
import { Menu } from '@mantine/core';
import { Link } from 'wouter';
import { chooseLanguage, language } from '../language/language';
import { CHOICES } from '../language/languages';
import { useViewer } from '../session/session';
import { ClockIcon, SignOutIcon } from '../ui/icons';
import { Avatar } from '../ui/person-cell';
import { zoneName } from '../ui/time-zone';
import { word } from '../ui/words';
import { PROFILE } from './routes';
import classes from './shell.module.css';
import { useSignOut } from './use-sign-out';

/** Who one is, the language, the time zone, and the way out. */
export function ViewerMenu({ isHere, onTimeZone }: { isHere: boolean; onTimeZone: () => void }) {
  const { user } = useViewer();
  const leave = useSignOut();
  return (
    <Menu position="top-start" width={240}>
      <Menu.Target>
        <button type="button" className={classes.viewer} title={user.email ?? undefined} data-here={isHere || undefined}>
          <Avatar {...user} />
          <span className={classes.viewerText}>
            <bdi>{user.name ?? user.email}</bdi>
            <small>{word(user.role)}</small>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.address}>
          <bdi>{user.email}</bdi>
        </Menu.Label>
        <Menu.Item component={Link} href={PROFILE.path} leftSection={<PROFILE.icon size={16} />}>
          {i18n._(PROFILE.label)}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Language</Trans>
        </Menu.Label>
        <Menu.RadioGroup value={language()} onChange={chooseLanguage}>
          {CHOICES.map(({ tag, name }) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Time zone</Trans>
        </Menu.Label>
        <Menu.Item onClick={onTimeZone} leftSection={<ClockIcon size={16} />}>
          <bdi translate="no">{zoneName()}</bdi> …
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={leave} leftSection={<SignOutIcon size={16} />}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
