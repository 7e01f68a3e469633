// What Run starts, and what stands in its way. Pure.
import { type FileId, languageOf, may, type Run, type RunConfiguration } from '@codesync/protocol';
import { type FileEntry, type RoomState, sortedFiles } from '@codesync/room';
import type { LiveView } from '../../room-source/types.ts';

/** Whether a file is a program in a language that is known. */
export function isRunnable(file: FileEntry): boolean {
  return file.blob === null && languageOf(file) !== null;
}

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
  const runnable = files.filter(isRunnable);
  const always = runnable.find(({ id }) => id === pinned);
  if (always !== undefined) return always;
  if (active !== undefined && isRunnable(active)) return active;
  const last = [...runs].at(-1)?.entry;
  return runnable.find(({ id }) => id === last) ?? runnable[0] ?? null;
}

/** What Run starts. `pinned`: for everyone here, whatever is open. */
export type Target =
  | { readonly kind: 'file'; readonly file: FileEntry; readonly pinned: boolean }
  | { readonly kind: 'configuration'; readonly configuration: RunConfiguration };

/** What Run starts: the pinned configuration, else a file; null when there is nothing to run. */
export function targetOf(
  room: Pick<RoomState, 'configurations' | 'pinnedConfiguration' | 'entry' | 'files' | 'runs'>,
  active: FileEntry | undefined,
): Target | null {
  const pinned = room.pinnedConfiguration;
  const configuration = pinned === null ? undefined : room.configurations.get(pinned);
  if (configuration !== undefined) return { kind: 'configuration', configuration };
  const file = entryFile(room.entry, active, sortedFiles(room.files), room.runs.values());
  return file === null ? null : { kind: 'file', file, pinned: file.id === room.entry };
}

/** What it is called. */
export function nameOfTarget(target: Target): string {
  return target.kind === 'file' ? target.file.path : target.configuration.name;
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
