// The desk for whatever stands on it.
import { type FileEntry, sortedFiles } from '@codesync/room';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { RoomSource } from '../room-source/types.ts';
import { useMediaQuery } from '../ui/hooks.ts';
import type { Command } from './command.ts';
import { allCommands } from './commands.ts';
import { Desk, type DeskState, PHONE } from './desk.ts';
import type { Feature, NotePlace, Placed } from './feature.ts';
import { ONE_SIDE, seenPanels, usePanels } from './panels.ts';
import { useLive, useMay, useRoom, useSource } from './room.tsx';

const DeskContext = createContext<Desk | null>(null);
const NotesContext = createContext<readonly Placed<NotePlace>[]>([]);
const CommandsContext = createContext<() => readonly Command[]>(() => []);

type DeskProviderProps = { features: readonly Feature[]; children: ReactNode };

/** Sets up a desk in the room that this lies in, with these features on it. */
export function DeskProvider({ features, children }: DeskProviderProps) {
  const source = useSource();
  const [, navigate] = useLocation();
  const [desk] = useState(
    () =>
      new Desk(
        source,
        features.flatMap(({ panels = [] }) => panels),
        () => navigate('/'),
      ),
  );
  const commands = useMemo(() => () => allCommands(features, desk), [features, desk]);
  const notes = useMemo(
    () => features.flatMap(({ notes = [] }) => notes).sort((a, b) => a.order - b.order),
    [features],
  );
  return (
    <DeskContext value={desk}>
      <CommandsContext value={commands}>
        <NotesContext value={notes}>{children}</NotesContext>
        <Keeper />
      </CommandsContext>
    </DeskContext>
  );
}

/** Keeps the desk in step with the room. It comes last: by then the editor shows the file that is active. */
function Keeper() {
  const desk = useDesk();
  const room = useRoom((view) => view.room);
  const you = useRoom((view) => view.you);
  const connection = useLive((view) => view.connection);
  const storage = useLive((view) => view.storage);
  const sandbox = useLive((view) => view.sandbox);
  const active = useDeskState(({ tabs }) => tabs.active);
  const mayEdit = useMay('edit');
  const online = connection.kind === 'online';
  useEffect(() => desk.keepTabs(room, online), [desk, room, online]);
  useEffect(
    () => desk.keepProblems({ you, connection, storage, sandbox }),
    [desk, you, connection, storage, sandbox],
  );
  useEffect(() => desk.editor.shows(active), [desk, active]);
  useEffect(
    () =>
      desk.source.onTexts(({ file, own }) => {
        if (own) desk.keepOpen(file);
      }),
    [desk],
  );
  useEffect(() => {
    if (mayEdit) desk.beginToType();
  }, [desk, mayEdit]);
  return null;
}

/** This person's screen of the room; the same object for as long as the room is open. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('This stands on no desk.');
  return desk;
}

/** What `select` takes of how the desk is: a part that is already there. */
export function useDeskState<T>(select: (state: DeskState) => T): T {
  return useStore(useDesk().state, select);
}

/** Gives commands to the room: `Desk.command`. */
export function useCommand(): RoomSource['command'] {
  return useDesk().command;
}

/** Everything that can be done, in order; for what is shown only while it is looked at, since it looks at all. */
export function useCommands(): readonly Command[] {
  const commands = useContext(CommandsContext);
  useLive((view) => view);
  useDeskState((state) => state);
  return commands();
}

/** Everything that can be done, when it is asked for. */
export function useCommandList(): () => readonly Command[] {
  return useContext(CommandsContext);
}

/** What features say in a place that is not the room's own layout. */
export function useNotes(place: NotePlace): readonly Placed<NotePlace>[] {
  const notes = useContext(NotesContext);
  return useMemo(() => notes.filter((note) => note.place === place), [notes, place]);
}

/** The ids of the panels that are seen. */
export function useSeenPanels(): ReadonlySet<string> {
  const { panels } = useDesk();
  const open = usePanels();
  const oneSide = useMediaQuery(ONE_SIDE);
  return useMemo(() => seenPanels(panels, open, oneSide), [panels, open, oneSide]);
}

/** Whether the screen shows one thing at a time. */
export function usePhone(): boolean {
  return useMediaQuery(PHONE);
}

/** Whether the server answers. */
export function useOnline(): boolean {
  return useLive(({ connection }) => connection.kind === 'online');
}

/** The room's files, by path. */
export function useFiles(): readonly FileEntry[] {
  const files = useRoom(({ room }) => room.files);
  return useMemo(() => sortedFiles(files), [files]);
}

/** The file that is seen. */
export function useActiveFile(): FileEntry | undefined {
  const desk = useDesk();
  const active = useDeskState(({ tabs }) => tabs.active);
  return useRoom(({ room }) => {
    if (active === null) return undefined;
    // A file that was made just now is open before a frame has it. Were it missing, the editor would be taken down.
    return room.files.get(active) ?? desk.view().room.files.get(active);
  });
}
