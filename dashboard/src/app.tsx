// Which page is where. Every page is a file of its own that is loaded when it is opened.
import { type ComponentType, lazy, Suspense } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { RequireSession, useViewer } from './session/session';
import { ErrorBoundary } from './shell/error-boundary';
import { isClosed, startPath } from './shell/places';
import { Shell } from './shell/shell';
import { Loading } from './ui/states';
import { LeaveGuard } from './unsaved/leave-guard';

const SignInPage = lazy(() => import('./entry/sign-in-page'));
const ForgotPasswordPage = lazy(() => import('./entry/forgot-password-page'));
const ResetPasswordPage = lazy(() => import('./entry/reset-password-page'));
const AcceptPage = lazy(() => import('./entry/accept-page'));
const WelcomePage = lazy(() => import('./entry/welcome-page'));
const UsersPage = early(() => import('./users/users-page'), ['/', '/users']);

const UserPage = lazy(() => import('./user/user-page'));
const AuditLogPage = lazy(() => import('./audit_log/audit-log-page'));
const OverviewPage = lazy(() => import('./overview/overview-page'));
const ApiKeysPage = lazy(() => import('./api_keys/api-keys-page'));
const AccountPage = lazy(() => import('./account/account-page'));
const ProfilePage = lazy(() => import('./profile/profile-page'));
const ClosedPage = lazy(() => import('./shell/closed-page'));
const NotFoundPage = lazy(() => import('./shell/not-found-page'));

export function App() {
  return (
    <ErrorBoundary>
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
            <RequireSession>
              <LeaveGuard>
                <Shell>
                  <Pages />
                </Shell>
              </LeaveGuard>
            </RequireSession>
          </Route>
        </Switch>
      </Suspense>
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
          <Route path="/account" component={AccountPage} />
          <Route path="/profile" component={ProfilePage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

/** A page that comes, where the address is one of these, while the server is asked who is signed in: then it shows without a pause. */
function early(load: () => Promise<{ default: ComponentType }>, paths: string[]): ComponentType {
  let Loaded: ComponentType | null = null;
  if (paths.includes(location.pathname)) {
    load().then(
      (page) => {
        Loaded = page.default;
      },
      () => undefined, // It is tried again when it is needed, and its failure shown then.
    );
  }
  const Late = lazy(load);
  // What suspends shows its fallback for 300 ms at least.
  return () => (Loaded ? <Loaded /> : <Late />);
}
