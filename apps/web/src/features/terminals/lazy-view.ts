// The view of a terminal, which brings xterm.js. It is fetched when there is a terminal that could be looked at.
import { lazily } from '../../ui/lazily.tsx';

export const TerminalView = lazily(async () => (await import('./TerminalView.tsx')).TerminalView);

/** Fetches it when the page has nothing else to do. Returns what calls that off. */
export function fetchViewSoon(): () => void {
  // If it fails, whoever looks at a terminal is told.
  const fetchIt = () => void TerminalView.preload().catch(() => {});
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(fetchIt, 1_000);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(fetchIt);
  return () => cancelIdleCallback(idle);
}
