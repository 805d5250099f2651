// What surrounds every page of a signed-in user.
import { Button, Menu, Text } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useApiMutationWithoutInput } from '../api/use-api-mutation';
import { graphql } from '../gql';
import { useViewer } from '../session/session';
import { endingSession, leaveTo } from '../session/session-state';
import { notifyProblem } from '../ui/notify';
import { ColorSchemeSwitch } from './color-scheme-switch';
import { LiveUpdates } from './live-updates';
import { OfflineBanner } from './offline-banner';
import { routesOf } from './routes';
import classes from './shell.module.css';
import { useShortcut } from './use-shortcut';

const Help = lazy(() => import('./help'));

const SignOut = graphql(`
  mutation SignOut { payload: signOut { userErrors { ...ShownError } } }
`);

export function Shell({ children }: { children: ReactNode }) {
  const { user, account } = useViewer();
  const [path] = useLocation();
  const [helping, setHelping] = useState(false);
  useShortcut('?', () => setHelping(true));

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <header className={classes.header}>
        <bdi className={classes.brand}>{account.name}</bdi>
        <nav aria-label="Main" className={classes.nav}>
          {routesOf(user.role).map((route) => (
            <Link
              key={route.path}
              href={route.path}
              className={classes.link}
              aria-current={path.startsWith(route.path) ? 'page' : undefined}
            >
              {route.label}
            </Link>
          ))}
        </nav>
        <div className={classes.tools}>
          <ColorSchemeSwitch />
          <Button variant="subtle" color="gray" size="compact-md" onClick={() => setHelping(true)} aria-label="Help">
            ?
          </Button>
          <ViewerMenu />
        </div>
      </header>
      <OfflineBanner />
      <LiveUpdates />
      <main id="content" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      {helping && (
        <Suspense>
          <Help onClose={() => setHelping(false)} />
        </Suspense>
      )}
    </div>
  );
}

function ViewerMenu() {
  const { user } = useViewer();
  const signOut = useApiMutationWithoutInput(SignOut);
  const leave = async () => {
    const goesOn = endingSession();
    const outcome = await signOut.run();
    if (outcome.done) {
      leaveTo('/sign-in');
      return;
    }
    goesOn();
    notifyProblem(outcome.problems.map((problem) => problem.text).join(' '));
  };
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" className={classes.viewer} title={user.email ?? undefined}>
          <bdi className={classes.viewerName}>{user.name ?? user.email}</bdi>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs" className={classes.address}>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Item component={Link} href="/profile">
          My profile
        </Menu.Item>
        <Menu.Item onClick={leave}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
