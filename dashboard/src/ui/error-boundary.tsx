import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Code } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { serverNow } from './server-clock';
import { Empty } from './states';

interface State {
  /** What broke; null while nothing has. */
  error: Error | null;
  /** A number to report, which is also in the console of the browser. */
  number: string;
}

/** Instead of a part that broke, says so, and lets the user try again. A new `key` tries again, too. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, number: '' };

  static getDerivedStateFromError(error: Error): State {
    return { error, number: serverNow().toString(36).toUpperCase() };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(`Error ${this.state.number} of the dashboard:`, error, info.componentStack);
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <div role="alert">
        <Empty title={t`This part could not be shown`} isPage>
          <Trans>
            Try again. If it fails again, load the page again, and report this number with what the console of your browser says:
            <Code>{this.state.number}</Code>
          </Trans>
          <Button onClick={() => this.setState({ error: null })}>
            <Trans>Try again</Trans>
          </Button>
          <Button variant="default" onClick={() => location.reload()}>
            <Trans>Load the page again</Trans>
          </Button>
        </Empty>
      </div>
    );
  }
}
