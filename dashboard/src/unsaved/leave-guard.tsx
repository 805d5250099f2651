import { type ReactNode, useCallback, useState } from 'react';
import { Router } from 'wouter';
import { lazyPart } from '../ui/lazy-part';
import { useBackGuard } from './back-guard';
import { discardUnsaved, holdsUnsaved, loadQuestion } from './unsaved';

// Where it cannot be loaded, nothing is lost: the page stays.
const LossDialog = lazyPart(loadQuestion, { onFailed: ({ onStay }) => onStay() });

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
        <LossDialog
          opened
          onStay={() => setLeave(null)}
          onLose={() => {
            discardUnsaved();
            setLeave(null);
            leave();
          }}
        />
      )}
    </Router>
  );
}

function isElsewhere(to: string): boolean {
  return new URL(to, location.href).pathname !== location.pathname;
}
