// Parts whose file is loaded when they are needed. If it cannot be loaded, only the part says so, and tries again; the page stays.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { whenReachable } from '../api/connection';
import { restOfTexts } from '../language/language';
import { ErrorBoundary } from './error-boundary';
import { notifyProblem } from './notify';
import { Empty } from './states';

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

interface Options<P> {
  /** What is shown while it loads. */
  waiting?: ReactNode;
  /** For dialogs: closes what could not be opened. A message at the bottom says so, and nothing else changes. */
  onFailed?: (props: P) => void;
  /** Whether it needs no other texts than those of the first page: those of its folder are in the catalogue `start`. */
  isFirst?: boolean;
}

/** Such a part. `load` loads its file before it is shown; what fails is tried again when it is. */
export type LazyPart<P> = ComponentType<P> & { load: () => Promise<void> };

/** A component that loads the file of another one, and shows that. */
export function lazyPart<P extends object>(
  load: Load<P>,
  { waiting = null, onFailed, isFirst = false }: Options<P> = {},
): LazyPart<P> {
  let loaded: ComponentType<P> | null = null;
  const fetched = async () => {
    const [part] = await Promise.all([load(), isFirst || restOfTexts()]);
    loaded ??= part.default;
    return loaded;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each file, outside of components
  const Part = (props: P) => {
    const [Shown, setShown] = useState<ComponentType<P> | null>(() => loaded);
    const [tries, setTries] = useState(0);
    const [isFailed, setIsFailed] = useState(false);
    // biome-ignore lint/correctness/useExhaustiveDependencies: another try loads again
    useEffect(() => {
      if (loaded) return;
      let isGone = false;
      fetched().then(
        (component) => !isGone && setShown(() => component),
        (error: unknown) => {
          console.info('a part of the page could not be loaded', error);
          if (isGone) return;
          if (!onFailed) return setIsFailed(true);
          notifyProblem(t`This could not be opened. Check your connection and try again.`);
          onFailed(props);
        },
      );
      return () => {
        isGone = true;
      };
    }, [tries]);
    const again = () => {
      setIsFailed(false);
      setTries(tries + 1);
    };
    useEffect(() => {
      if (!isFailed) return;
      addEventListener('online', again);
      const stop = whenReachable(again);
      return () => {
        removeEventListener('online', again);
        stop();
      };
    });
    if (isFailed) return <NotLoaded isAgain={tries > 0} onRetry={again} />;
    if (!Shown) return waiting;
    return (
      <ErrorBoundary>
        <Shown {...props} />
      </ErrorBoundary>
    );
  };
  return Object.assign(Part, {
    load: () =>
      fetched().then(
        () => undefined,
        () => undefined,
      ),
  });
}

function NotLoaded({ isAgain, onRetry }: { isAgain: boolean; onRetry: () => void }) {
  return (
    <div role="alert">
      <Empty title={t`This part could not be loaded`} isPage>
        <Trans>Check your connection. If the server was updated in the meantime, load the page again.</Trans>
        <Button onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
        {isAgain && (
          <Button variant="default" onClick={() => location.reload()}>
            <Trans>Load the page again</Trans>
          </Button>
        )}
      </Empty>
    </div>
  );
}
