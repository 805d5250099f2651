// What surrounds every page of a signed-in user: the navigation at the side, on phones a bar with a drawer.
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useViewer } from '../session/session';
import { MenuIcon, SearchIcon } from '../ui/icons';
import { initialsOf } from '../ui/initials';
import { lazyPart } from '../ui/lazy-part';
import { whenIdle } from '../ui/when-idle';
import { ColorSchemeSwitch } from './color-scheme-switch';
import { ConnectionLine } from './connection-line';
import { HelpButton } from './help-button';
import { useLiveUpdates } from './live-updates';
import { MODIFIER } from './modifier';
import { PROFILE, type Route, routesOf } from './routes';
import classes from './shell.module.css';
import { useShortcut } from './use-shortcut';
import { ViewerMenu } from './viewer-menu';

// While its file is on its way, what is typed is meant for it.
const OPENS = <span hidden data-opens />;
const close = ({ onClose }: { onClose: () => void }) => onClose();
const Help = lazyPart(() => import('./help'), { waiting: OPENS, onFailed: close });
const Palette = lazyPart(() => import('../palette/palette'), { waiting: OPENS, onFailed: close });

const TimeZoneDialog = lazyPart(() => import('./time-zone-dialog'), { waiting: OPENS, onFailed: close });

export function Shell({ children }: { children: ReactNode }) {
  const { user, account } = useViewer();
  const [path] = useLocation();
  const [shown, setShown] = useState<'help' | 'palette' | 'zone' | null>(null);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  useLiveUpdates();
  useEffect(() => {
    whenIdle(Help.load);
    whenIdle(Palette.load);
  }, []);
  useShortcut('?', () => setShown('help'));
  useShortcut('mod+k', () => setShown('palette'));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the way to another page closes the drawer
  useEffect(() => setIsMenuOpen(false), [path]);

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        <Trans>Skip to the content</Trans>
      </a>
      <header className={classes.side} data-screen-only>
        <div className={classes.top}>
          <MenuButton isOpen={isMenuOpen} onChange={setIsMenuOpen} />
          <Link href="/" className={classes.brand} title={account.name}>
            <span className={classes.mark} aria-hidden="true" translate="no">
              {initialsOf(account.name, null) || 'R'}
            </span>
            <bdi>{account.name}</bdi>
          </Link>
        </div>
        <div className={classes.drawer} id="menu" data-open={isMenuOpen || undefined}>
          <button type="button" className={classes.search} onClick={() => setShown('palette')} title={t`Search (${MODIFIER} K)`}>
            <SearchIcon />
            <span>
              <Trans>Search</Trans>
            </span>
            <kbd>{MODIFIER} K</kbd>
          </button>
          <nav aria-label={t`Main`} className={classes.nav}>
            {routesOf(user.role).map((route) => (
              <NavLink key={route.path} route={route} isHere={path.startsWith(route.path)} />
            ))}
          </nav>
          <div className={classes.tools}>
            <HelpButton onClick={() => setShown('help')} />
            <ColorSchemeSwitch />
          </div>
          <ViewerMenu isHere={path === PROFILE.path} onTimeZone={() => setShown('zone')} />
        </div>
      </header>
      {isMenuOpen && <div className={classes.cover} onClick={() => setIsMenuOpen(false)} aria-hidden="true" />}
      <div className={classes.page} inert={isMenuOpen}>
        <ConnectionLine />
        <main id="content" tabIndex={-1} className={classes.main}>
          {children}
        </main>
      </div>
      <section id="overlays" aria-label={t`Menus`} data-screen-only />
      <GoKeys role={user.role} />
      {shown === 'help' && <Help onClose={() => setShown(null)} />}
      {shown === 'palette' && (
        <Palette onClose={() => setShown(null)} onHelp={() => setShown('help')} onTimeZone={() => setShown('zone')} />
      )}
      {shown === 'zone' && <TimeZoneDialog onClose={() => setShown(null)} />}
    </div>
  );
}

function NavLink({ route: { path, label, icon: RouteIcon }, isHere }: { route: Route; isHere: boolean }) {
  return (
    <Link href={path} className={classes.link} aria-current={isHere ? 'page' : undefined} title={i18n._(label)}>
      <RouteIcon />
      <span>{i18n._(label)}</span>
    </Link>
  );
}

interface MenuButtonProps {
  isOpen: boolean;
  onChange: (isOpen: boolean) => void;
}

/** Opens and closes the drawer on phones. */
function MenuButton({ isOpen, onChange }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      onChange(false);
      button.current?.focus();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [isOpen, onChange]);
  return (
    <button
      ref={button}
      type="button"
      className={classes.menuButton}
      aria-label={t`Menu`}
      aria-expanded={isOpen}
      aria-controls="menu"
      onClick={() => onChange(!isOpen)}
    >
      <MenuIcon size={20} />
    </button>
  );
}

/** `g` and a letter lead to a page. */
function GoKeys({ role }: { role: Parameters<typeof routesOf>[0] }) {
  return [...routesOf(role), PROFILE].map((route) => <GoKey key={route.path} route={route} />);
}

function GoKey({ route: { path, letter } }: { route: Route }) {
  const [, go] = useLocation();
  useShortcut(`g ${letter}`, () => go(path));
  return null;
}
