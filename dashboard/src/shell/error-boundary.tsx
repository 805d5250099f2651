import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Empty } from '../ui/states';

/** Instead of a page that broke, or whose file could not be loaded, says so. A new `key` tries again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert">
        <Empty title="This page could not be shown" isPage>
          Check your connection. If Roster was renewed meanwhile, loading the page again is enough.
          <Button variant="default" onClick={() => location.reload()}>
            Load it again
          </Button>
        </Empty>
      </div>
    );
  }
}
