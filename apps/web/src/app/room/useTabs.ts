import { type FileId, LANGUAGES, languageOf } from '@codesync/protocol';
import { type RoomState, sortedFiles } from '@codesync/room';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import {
  addTab,
  closeTab,
  keepTabs,
  NO_TABS,
  neighbourTab,
  openTab,
  type Tabs,
} from '../../features/files/tabs.ts';
import { recall, remember } from '../../storage.ts';

function readTabs(value: unknown): Tabs | null {
  if (typeof value !== 'object' || value === null) return null;
  const { open, active } = value as { open?: unknown; active?: unknown };
  if (!Array.isArray(open) || !open.every((id) => typeof id === 'string')) return null;
  return { open, active: typeof active === 'string' && open.includes(active) ? active : (open[0] ?? null) };
}

/** The file to begin with: the room's entry, else one that can be run, else the first. */
function firstFile(room: RoomState): FileId | null {
  const files = sortedFiles(room);
  const entry = files.find(({ path }) => path === LANGUAGES[room.language].entry);
  return (entry ?? files.find(({ path }) => languageOf(path) !== null) ?? files[0])?.id ?? null;
}

export type TabActions = {
  readonly tabs: Tabs;
  readonly open: (file: FileId) => void;
  readonly close: (file: FileId) => void;
  readonly step: (by: number) => void;
};

/** This browser's open files in a room, remembered; files that the room loses are closed, and open again with them. */
export function useTabs(roomId: string, room: RoomState, online: boolean): TabActions {
  const key = `codesync.tabs.${roomId}`;
  const [tabs, setTabs] = useState<Tabs | null>(() => recall(key, readTabs, null));

  const lost = useRef(new Set<FileId>());
  const noteLost = useEffectEvent((): readonly FileId[] => {
    for (const file of tabs?.open ?? []) if (!room.files.has(file)) lost.current.add(file);
    const back = [...lost.current].filter((file) => room.files.has(file));
    for (const file of back) lost.current.delete(file);
    return back;
  });

  useEffect(() => {
    const back = online ? noteLost() : [];
    setTabs((before) => {
      // This device's copy may be older than the tabs: only the server knows which files are gone.
      if (before !== null) {
        return online
          ? back.reduce(
              addTab,
              keepTabs(before, (file) => room.files.has(file)),
            )
          : before;
      }
      const first = firstFile(room);
      return first === null ? null : openTab(NO_TABS, first);
    });
  }, [online, room]);

  useEffect(() => {
    if (tabs !== null) remember(key, tabs);
  }, [key, tabs]);

  return {
    tabs: tabs ?? NO_TABS,
    open: useCallback((file) => setTabs((before) => openTab(before ?? NO_TABS, file)), []),
    close: useCallback((file) => setTabs((before) => closeTab(before ?? NO_TABS, file)), []),
    step: useCallback((by) => {
      setTabs((before) => {
        const next = neighbourTab(before ?? NO_TABS, by);
        return next === null ? before : openTab(before ?? NO_TABS, next);
      });
    }, []),
  };
}
