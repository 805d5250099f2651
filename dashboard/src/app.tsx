// Which page is where. Every page is a file of its own that is loaded when it is opened.
import { msg } from '@lingui/core/macro';
import type { ComponentType } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { RequireSession, useViewer } from './session/session';
import { SessionGate } from './session/session-gate';
import { isClosed, startPath } from './shell/routes';
import { Shell } from './shell/shell';
import { ErrorBoundary } from './ui/error-boundary';
import { lazyPart } from './ui/lazy-part';
import { Loading } from './ui/states';
import { LeaveGuard } from './unsaved/leave-guard';

const SignInPage = page(() => import('./entry/sign-in-page'));
const ForgotPasswordPage = page(() => import('./entry/forgot-password-page'));
const ResetPasswordPage = page(() => import('./entry/reset-password-page'));
const AcceptPage = page(() => import('./entry/accept-page'));
const WelcomePage = page(() => import('./entry/welcome-page'));
const UsersPage = page(() => import('./users/users-page'), { isFirst: true });
const UserPage = page(() => import('./user/user-page'));
const AuditLogPage = page(() => import('./audit_log/audit-log-page'));
const OverviewPage = page(() => import('./overview/overview-page'));
const ApiKeysPage = page(() => import('./keys/api-keys-page'));
const ServiceKeysPage = page(() => import('./keys/service-keys-page'));
const AccountPage = page(() => import('./account/account-page'));
const ProfilePage = page(() => import('./profile/profile-page'));
const ClosedPage = page(() => import('./shell/closed-page'));
const NotFoundPage = page(() => import('./shell/not-found-page'));

// Where the list is opened first, it is fetched while the server is asked who is signed in.
const firstPage = ['/', '/users'].includes(location.pathname) ? UsersPage.load() : Promise.resolve();

/** A page, which is loaded when it is opened. */
function page(load: () => Promise<{ default: ComponentType }>, options = {}) {
  return lazyPart(load, { waiting: <Loading text={msg`Loading the page …`} />, ...options });
}

export function App() {
  return (
    <ErrorBoundary>
      <SessionGate>
        <Switch>
          <Route path="/sign-in" component={SignInPage} />
          <Route path="/welcome/:token" component={WelcomePage} />
          <Route path="/forgot-password" component={ForgotPasswordPage} />
          <Route path="/:slug/sign-in" component={SignInPage} />
          <Route path="/:slug/forgot-password" component={ForgotPasswordPage} />
          <Route path="/:slug/reset-password/:token" component={ResetPasswordPage} />
          <Route path="/:slug/invitations/:token" component={AcceptPage} />
          <Route>
            <RequireSession until={firstPage}>
              <LeaveGuard>
                <Shell>
                  <Pages />
                </Shell>
              </LeaveGuard>
            </RequireSession>
          </Route>
        </Switch>
      </SessionGate>
    </ErrorBoundary>
  );
}

function Pages() {
  const { user } = useViewer();
  const [path] = useLocation();
  if (isClosed(path, user.role)) return <ClosedPage />;
  return (
    <ErrorBoundary key={path}>
      <Switch>
        <Route path="/">
          <Redirect to={startPath(user.role)} replace />
        </Route>
        <Route path="/overview" component={OverviewPage} />
        <Route path="/users" component={UsersPage} />
        <Route path="/users/:id" component={UserPage} />
        <Route path="/audit-log" component={AuditLogPage} />
        <Route path="/api-keys" component={ApiKeysPage} />
        <Route path="/service-keys" component={ServiceKeysPage} />
        <Route path="/account" component={AccountPage} />
        <Route path="/profile" component={ProfilePage} />
        <Route component={NotFoundPage} />
      </Switch>
    </ErrorBoundary>
  );
}
