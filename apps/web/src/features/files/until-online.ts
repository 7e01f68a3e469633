import type { Desk } from '../../desk/desk.ts';

/** Resolves when the server can be reached, or when it never will be again. Rejects when `signal` aborts. */
export function untilOnline({ source }: Desk, signal: AbortSignal): Promise<void> {
  const isOver = () => ['online', 'closed', 'outdated'].includes(source.view().connection.kind);
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!isOver() && !signal.aborted) return;
      unsubscribe();
      signal.removeEventListener('abort', look);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const unsubscribe = source.subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}
