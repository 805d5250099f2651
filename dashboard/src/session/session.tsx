// Who is signed in, for every page. Signing in and out loads the page anew, so that nothing of one person stays for the next.
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../api/problems';
import { graphql } from '../gql';
import type { SessionQuery } from '../gql/graphql';
import { Failed, Loading } from '../ui/states';
import { toSignIn } from './paths';

const Session = graphql(`
  query Session {
    viewer {
      user { id email name role }
      account { id name slug }
    }
  }
`);

export type Viewer = NonNullable<SessionQuery['viewer']>;

const ViewerContext = createContext<Viewer | null>(null);

/** Who is signed in. Only within [RequireSession]. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('useViewer is called outside of RequireSession');
  return viewer;
}

interface Props {
  /** What is waited for besides; it never fails. */
  until: Promise<void>;
  children: ReactNode;
}

/** Shows what it holds to whoever is signed in, and sends others to sign in and back. */
export function RequireSession({ until, children }: Props) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    until.then(() => setIsOver(true));
  }, [until]);
  const [{ data, error, fetching }, ask] = useQuery({ query: Session });
  const isSignedOut = !fetching && !error && data?.viewer === null;
  useEffect(() => {
    if (isSignedOut) location.replace(toSignIn(location.pathname + location.search));
  }, [isSignedOut]);

  if (error && !data) return <Failed problem={problemOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (!data?.viewer || !isOver) return <Loading what="Roster" />;
  return <ViewerContext value={data.viewer}>{children}</ViewerContext>;
}
