// Which file Run starts, and what stands in its way. Pure.
import { type FileId, languageOf, may, type Run } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import type { LiveView } from '../../room-source/types.ts';

/**
 * The file that Run starts. It is the pinned one, else the one being looked at, else the one that ran last, else the
 * first that can run.
 */
export function entryFile(
  pinned: FileId | null,
  active: FileEntry | undefined,
  files: readonly FileEntry[],
  runs: Iterable<Run>,
): FileEntry | null {
  const runnable = files.filter(({ path }) => languageOf(path) !== null);
  const always = runnable.find(({ id }) => id === pinned);
  if (always !== undefined) return always;
  if (active !== undefined && languageOf(active.path) !== null) return active;
  const last = [...runs].at(-1)?.entry;
  return runnable.find(({ id }) => id === last) ?? runnable[0] ?? null;
}

/** Why nothing can be started, in a sentence; null when it can. */
export function blockedBy({
  you,
  connection,
  sandbox,
}: Pick<LiveView, 'you' | 'connection' | 'sandbox'>): string | null {
  if (you === null || connection.kind !== 'online')
    return 'Runs need the server. They are back when the connection is.';
  if (!may(you.role, 'run.start')) return 'You are viewing. Ask the host to let you edit and run.';
  switch (sandbox.state) {
    case 'starting':
      return 'The sandbox is starting.';
    case 'preparing':
      return `The sandbox is being prepared: ${Math.round(sandbox.percent)} %.`;
    case 'off':
      return `${sandbox.reason} ${sandbox.mend}`;
    case 'ready':
      return null;
  }
}
