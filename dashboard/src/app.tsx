// Which page is where. Every page is a file of its own that is loaded when it is opened.
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { RequireSession, useViewer } from './session/session';
import { SessionGate } from './session/session-gate';
import { ErrorBoundary } from './shell/error-boundary';
import { isClosed, startPath } from './shell/routes';
import { Shell } from './shell/shell';
import { Loading } from './ui/states';
import { LeaveGuard } from './unsaved/leave-guard';

const SignInPage = lazy(() => import('./entry/sign-in-page'));
const ForgotPasswordPage = lazy(() => import('./entry/forgot-password-page'));
const ResetPasswordPage = lazy(() => import('./entry/reset-password-page'));
const AcceptPage = lazy(() => import('./entry/accept-page'));
const WelcomePage = lazy(() => import('./entry/welcome-page'));
const UserPage = lazy(() => import('./user/user-page'));
const AuditLogPage = lazy(() => import('./audit_log/audit-log-page'));
const OverviewPage = lazy(() => import('./overview/overview-page'));
const ApiKeysPage = lazy(() => import('./keys/api-keys-page'));
const ServiceKeysPage = lazy(() => import('./keys/service-keys-page'));
const AccountPage = lazy(() => import('./account/account-page'));
const ProfilePage = lazy(() => import('./profile/profile-page'));
const ClosedPage = lazy(() => import('./shell/closed-page'));
const NotFoundPage = lazy(() => import('./shell/not-found-page'));

const loadUsersPage = () => import('./users/users-page');
let usersPage: ComponentType = lazy(loadUsersPage);
// What suspends shows its fallback for 300 ms at least. So where the list is opened first, it is fetched while the server is asked who is
// signed in. What fails is tried again when it is needed, and its failure shown then.
const firstPage = ['/', '/users'].includes(location.pathname)
  ? loadUsersPage().then(
      (page) => {
        usersPage = page.default;
      },
      () => undefined,
    )
  : Promise.resolve();

export function App() {
  return (
    <ErrorBoundary>
      <SessionGate>
        <Suspense fallback={<Loading what="the page" />}>
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
        </Suspense>
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
      <Suspense fallback={<Loading what="the page" />}>
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
      </Suspense>
    </ErrorBoundary>
  );
}

/** The list of users, as it came at first or comes late: one of both for as long as it shows, or what is typed would be lost. */
function UsersPage() {
  const [Shown] = useState(() => usersPage);
  return <Shown />;
}
