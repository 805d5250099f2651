import { Menu } from '@mantine/core';
import { Link } from 'wouter';
import { useViewer } from '../session/session';
import { SignOutIcon } from '../ui/icons';
import { Avatar } from '../ui/person-cell';
import { word } from '../ui/words';
import { PROFILE } from './routes';
import classes from './shell.module.css';
import { useSignOut } from './use-sign-out';

/** Who one is, and the way out. */
export function ViewerMenu({ isHere }: { isHere: boolean }) {
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
        <Menu.Label className={classes.address}>{user.email}</Menu.Label>
        <Menu.Item component={Link} href={PROFILE.path} leftSection={<PROFILE.icon size={16} />}>
          {PROFILE.label}
        </Menu.Item>
        <Menu.Item onClick={leave} leftSection={<SignOutIcon size={16} />}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
