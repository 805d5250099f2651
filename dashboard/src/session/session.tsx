// Who is signed in, for every page. Signing in and out reloads the page, so that nothing of one person stays for the next.
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import type { SessionQuery } from '../gql/graphql';
import { Frame } from '../ui/frame';
import { Failed } from '../ui/states';
import { actFor } from './acting-for';
import { Session } from './documents';
import { toSignIn } from './paths';
import { leaveTo, sessionIsOver } from './session-state';

export type Viewer = NonNullable<SessionQuery['viewer']>;

const ViewerContext = createContext<Viewer | null>(null);

// Whom the page shows, for as long as it is not loaded again.
let shown: Viewer | null = null;

/** Whom the page shows; null for a page without a viewer. */
export function shownViewer(): Viewer | null {
  return shown;
}

/** Who is signed in. Only within [RequireSession]. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('useViewer is called outside of RequireSession');
  return viewer;
}

interface Props {
  /** A promise to wait for as well. It never fails. */
  until: Promise<void>;
  children: ReactNode;
}

/** Shows its children to signed-in users, and sends others to sign in and back. */
export function RequireSession({ until, children }: Props) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    until.then(() => setIsOver(true));
  }, [until]);
  const [{ data, error, fetching }, ask] = useQuery({ query: Session });
  // Before anything within asks: each request says whom the page shows. What it shows stays while the session is lost.
  if (data?.viewer) {
    shown = data.viewer;
    actFor(data.viewer.actingFor);
  }
  const isSignedOut = !fetching && !error && data?.viewer === null;
  useEffect(() => {
    if (!isSignedOut) return;
    if (shown) sessionIsOver();
    else leaveTo(toSignIn(location.pathname + location.search));
  }, [isSignedOut]);

  if (error && !shown) return <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (!shown || !isOver) return <Frame />;
  return <ViewerContext value={shown}>{children}</ViewerContext>;
}
