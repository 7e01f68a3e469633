// What the parts of this feature take of the room and of the desk.
import type { Run } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useActiveFile, useDesk, useFiles } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { blockedBy, entryFile } from './entry.ts';
import { type Runner, runnerOf } from './runner.ts';

export function useRunner(): Runner {
  return runnerOf(useDesk());
}

export function useRunnerState<T>(select: (state: ReturnType<Runner['state']['getState']>) => T): T {
  return useStore(useRunner().state, select);
}

/** Runs that have not ended, oldest first. */
export function useGoing(): readonly Run[] {
  const runs = useRoom(({ room }) => room.runs);
  return useMemo(() => [...runs.values()].filter(({ end }) => end === null), [runs]);
}

/** The file that Run starts, and whether it is pinned: then it is, whatever is open. */
export function useEntry(): { readonly entry: FileEntry | null; readonly pinned: boolean } {
  const files = useFiles();
  const active = useActiveFile();
  const pinned = useRoom(({ room }) => room.entry);
  const runs = useRoom(({ room }) => room.runs);
  const entry = entryFile(pinned, active, files, runs.values());
  return { entry, pinned: entry !== null && entry.id === pinned };
}

/** Why nothing can be started, in a sentence; null when it can. */
export function useBlocked(): string | null {
  return useLive(blockedBy);
}
