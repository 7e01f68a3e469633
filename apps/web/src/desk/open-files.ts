// This browser's open files in a room, remembered. Pure but for the two ends.
import { FileId, LANGUAGES, languageOf, type RoomId } from '@codesync/protocol';
import { type RoomState, sortedFiles } from '@codesync/room';
import { recall, remember } from '../storage.ts';
import { addTab, keepTabs, NO_TABS, openTab, type Tabs } from './tabs.ts';

const keyOf = (room: RoomId) => `codesync.tabs.${room}`;

function readTabs(value: unknown): Tabs | null {
  if (typeof value !== 'object' || value === null) return null;
  const { open, active, preview } = value as Partial<Record<keyof Tabs, unknown>>;
  const files = FileId.array().safeParse(open).data;
  if (files === undefined) return null;
  return {
    open: files,
    active: files.find((file) => file === active) ?? files[0] ?? null,
    preview: files.find((file) => file === preview) ?? null,
  };
}

/** Null: this browser was never in the room. */
export function recallTabs(room: RoomId): Tabs | null {
  return recall(keyOf(room), readTabs, null);
}

export function rememberTabs(room: RoomId, tabs: Tabs): void {
  remember(keyOf(room), tabs);
}

/** The file to begin with: the room's entry, else one that can be run, else the first text, else the first. */
function firstFile(room: RoomState): FileId | null {
  const files = sortedFiles(room.files);
  const texts = files.filter(({ blob }) => blob === null);
  const entry = texts.find(({ path }) => path === LANGUAGES[room.language].entry);
  const program = texts.find((file) => languageOf(file) !== null);
  return (entry ?? program ?? texts[0] ?? files[0])?.id ?? null;
}

/**
 * Keeps tabs in step with a room's files. The tabs of files that the room loses are closed. They open again when the
 * files come back.
 */
export class TabKeeper {
  readonly #lost = new Set<FileId>();

  /**
   * The tabs, with `room` as it is now. While it is not `online`, this device's copy may be older than the tabs. Then
   * only the server knows which files are gone.
   */
  keep(tabs: Tabs | null, room: RoomState, online: boolean): Tabs | null {
    if (tabs === null) {
      const first = firstFile(room);
      return first === null ? null : openTab(NO_TABS, first);
    }
    if (!online) return tabs;
    for (const file of tabs.open) if (!room.files.has(file)) this.#lost.add(file);
    const back = [...this.#lost].filter((file) => room.files.has(file));
    for (const file of back) this.#lost.delete(file);
    return back.reduce(
      addTab,
      keepTabs(tabs, (file) => room.files.has(file)),
    );
  }
}
