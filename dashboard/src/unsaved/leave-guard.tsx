import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { Router } from 'wouter';
import { useBackGuard } from './back-guard';
import { discardUnsaved, holdsUnsaved, loadQuestion } from './unsaved';

const LossDialog = lazy(loadQuestion);

/** What surrounds the pages: a way to another page, and back in history, asks first where input would be lost. */
export function LeaveGuard({ children }: { children: ReactNode }) {
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const ask = useCallback((go: () => void) => setLeave(() => go), []);
  useBackGuard(ask);
  return (
    <Router
      aroundNav={(navigate, to, options) => {
        const go = () => navigate(to, options);
        if (holdsUnsaved() && isElsewhere(to)) ask(go);
        else go();
      }}
    >
      {children}
      {leave && (
        <Suspense>
          <LossDialog
            opened
            onStay={() => setLeave(null)}
            onLose={() => {
              discardUnsaved();
              setLeave(null);
              leave();
            }}
          />
        </Suspense>
      )}
    </Router>
  );
}

function isElsewhere(to: string): boolean {
  return new URL(to, location.href).pathname !== location.pathname;
}
