// What the parts of this feature take of the room and of the desk.
import type { Run } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useActiveFile, useDesk } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { blockedBy, type Target, targetOf } from './entry.ts';
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

/** What Run starts; null when there is nothing to run. */
export function useTarget(): Target | null {
  const active = useActiveFile();
  const room = useRoom(({ room }) => room);
  return useMemo(() => targetOf(room, active), [room, active]);
}

/** The file that Run starts; null when there is none. */
export function useEntry(): FileEntry | null {
  const target = useTarget();
  const files = useRoom(({ room }) => room.files);
  if (target === null) return null;
  return target.kind === 'file' ? target.file : (files.get(target.configuration.entry) ?? null);
}

/** Why nothing can be started, in a sentence; null when it can. */
export function useBlocked(): string | null {
  return useLive(blockedBy);
}
