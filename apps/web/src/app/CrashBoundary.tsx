import { Component, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { MessagePage } from '../ui/MessagePage.tsx';

/** What browsers say when they cannot fetch a part of the page: after a release, or without a server. */
const MISSING_PART = /dynamically imported module|importing a module script|preload css/i;

type CrashBoundaryProps = { children: ReactNode };
type CrashBoundaryState = { readonly error: Error | null };

/** In the place of a page that broke: what happened, what is safe, what to do. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashBoundaryState> {
  override state: CrashBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): CrashBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const missing = MISSING_PART.test(error.message);
    return (
      <MessagePage
        title={missing ? 'Part of the page could not be loaded' : 'This page has broken'}
        actions={
          <Button variant="primary" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        <p>
          {missing
            ? 'A newer version may have taken its place, or the server is away just now.'
            : 'That is a fault in the page, not in your code.'}{' '}
          What you typed in rooms is kept in this browser and is sent after a reload.
        </p>
        {!missing && (
          <details className="mt-3 text-sm">
            <summary>For a report of this fault</summary>
            <pre className="mt-2 overflow-x-auto rounded-md bg-surface-2 p-2 font-mono text-xs">
              {error.stack ?? error.message}
            </pre>
          </details>
        )}
      </MessagePage>
    );
  }
}
