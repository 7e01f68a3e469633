import {
  type FileId,
  LANGUAGES,
  languageOf,
  may,
  type RunId,
  refusal,
  type WorkFolder,
} from '@codesync/protocol';
import { type FileEntry, sortedFiles } from '@codesync/room';
import { nanoid } from 'nanoid';
import { useCallback, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { EditorHandle } from '../../editor/Editor.tsx';
import type { Indent } from '../../editor/indent.ts';
import type { Naming } from '../../features/files/FilesPanel.tsx';
import { folderOf } from '../../features/files/tree.ts';
import { onMac } from '../../features/palette/shortcuts.ts';
import { peopleInOrder } from '../../features/people/words.ts';
import { useSettings } from '../../features/settings/settings.ts';
import { useTheme } from '../../features/settings/theme.ts';
import type { RoomSource } from '../../room-source/types.ts';
import { useMediaQuery } from '../../ui/hooks.ts';
import { ONE_SIDE, type Pane, type PanelName, seenPanels, usePanels } from './panels.ts';
import { useEditorHandle } from './useEditorHandle.ts';
import { nextPlace, useFailures } from './useFailures.ts';
import { useLastDeleted } from './useLastDeleted.ts';
import { useProblems } from './useProblems.ts';
import type { SteadyView } from './useRoomView.ts';
import { useRunInput } from './useRunInput.ts';
import { entryFile, useRuns } from './useRuns.ts';
import { useSaid } from './useSaid.ts';
import { useTabs } from './useTabs.ts';

export type Layer = 'palette' | 'open-file' | 'settings' | 'share' | 'shortcuts' | 'rename-room' | 'status';

const NEEDS_SERVER = 'The server cannot be reached just now. Try again when the connection is back.';

export type Desk = ReturnType<typeof useDesk>;

/** One person's screen of a room: what is open on it, and everything they can do there. */
export function useDesk(source: RoomSource, view: SteadyView) {
  const { room, you } = view;
  const online = view.connection.kind === 'online';
  const [, navigate] = useLocation();
  const phone = useMediaQuery('(width < 720px)');
  const oneSide = useMediaQuery(ONE_SIDE);
  const theme = useTheme();
  const settings = useSettings();
  const { tabSize, tabs: indentTabs } = settings;
  const indent = useMemo<Indent>(() => ({ size: tabSize, tabs: indentTabs }), [tabSize, indentTabs]);
  const panels = usePanels();
  const seen = seenPanels(panels, oneSide);
  const mac = useMemo(onMac, []);
  const [pane, setPane] = useState<Pane>('code');
  const [layer, setLayer] = useState<Layer | null>(null);
  const [naming, setNaming] = useState<Naming | null>(null);
  const [deleting, setDeleting] = useState<FileEntry | null>(null);
  const { problems, report, dismiss } = useProblems(view);
  const { said, say } = useSaid(source);
  const tabs = useTabs(view.id, room, online);
  const runs = useRuns(source, view, report);
  const editor = useEditorHandle(tabs.tabs.active);

  const files = useMemo(() => sortedFiles(room), [room]);
  const active = tabs.tabs.active === null ? undefined : room.files.get(tabs.tabs.active);
  const entry = entryFile(room.entry, active, files, room.runs.values());
  const pinned = entry !== null && entry.id === room.entry;
  const { here } = peopleInOrder(room.members.values(), you?.id ?? null);

  const show = useCallback(
    (panel: PanelName) => {
      panels.set(panel, true);
      setPane(panel);
    },
    [panels.set],
  );
  const toggle = (panel: PanelName) => {
    if (phone) setPane(pane === panel ? 'code' : panel);
    else panels.set(panel, !seen[panel]);
  };

  const openFile = useCallback(
    (file: FileId) => {
      tabs.open(file);
      setPane('code');
      // On a phone the focus brings the keyboard over what one came to read.
      if (!phone) editor.enter(file);
    },
    [tabs.open, phone, editor.enter],
  );
  const mayEdit = you !== null && may(you.role, 'edit');
  const begin = useEffectEvent(() => {
    if (mayEdit && !phone && document.activeElement === document.body) editor.focus();
  });
  useEffect(() => {
    if (mayEdit) begin();
  }, [mayEdit]);
  const arrive = (handle: EditorHandle) => {
    editor.onReady(handle);
    begin();
  };
  const focusHome = () => {
    if (phone) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    } else if (tabs.tabs.active !== null) editor.focus();
    // Nothing is open: the list of files is where to go on.
    else document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
  };
  const follow = useCallback(
    (path: string, line: number) => {
      const file = [...source.view().room.files.values()].find((other) => other.path === path);
      if (file === undefined) return;
      openFile(file.id);
      editor.reveal(file.id, { line });
    },
    [source, openFile, editor.reveal],
  );

  const failures = useFailures(room);
  const lastDeleted = useLastDeleted(room.deleted);
  const bringRun = (run: RunId) => {
    runs.select(run);
    show('output');
  };
  const input = useRunInput(source, you?.id ?? null, runs.going, bringRun);
  const start = (file: FileId) => {
    show('output');
    input.started();
    void runs.start(file);
  };

  // Edits wait for the connection by themselves; the rest is refused at once, so that nothing comes as a surprise later.
  const command = useCallback<RoomSource['command']>(
    async (body) =>
      source.view().connection.kind === 'online'
        ? source.command(body)
        : { ok: false, error: refusal('room.unavailable', NEEDS_SERVER) },
    [source],
  );
  const reported = async (answer: ReturnType<RoomSource['command']>) => {
    const result = await answer;
    if (!result.ok) report(result.error.message, result.error.code);
  };

  return {
    source,
    view,
    online,
    phone,
    theme,
    settings,
    indent,
    panels: seen,
    setPanel: panels.set,
    mac,
    pane,
    setPane,
    layer,
    setLayer,
    naming,
    setNaming,
    deleting,
    setDeleting,
    problems,
    dismiss,
    tabs,
    runs,
    editor,
    files,
    active,
    /** The file that Run starts. */
    entry,
    /** It is pinned: whatever is open. */
    pinned,
    workFolder: room.workFolder,
    /** The people who are here, you first. */
    here,
    mayEdit,
    host: you !== null && may(you.role, 'room.rename'),
    show,
    toggle,
    openFile,
    follow,
    command,
    input,
    /** The editor is there: who may edit begins to type. */
    arrive,
    focusHome,
    run: start,
    runEntry: () => {
      if (entry === null || !runs.mayRun) return;
      if (runs.blocked !== null) return report(runs.blocked);
      start(entry.id);
    },
    nameNewFile: () => {
      show('files');
      setNaming({ kind: 'new', folder: active === undefined ? '' : folderOf(active.path) });
    },
    nameAnew: (file: FileId) => {
      show('files');
      setNaming({ kind: 'rename', file });
    },
    /** Both resolve to what was wrong, or null. */
    createFile: async (path: string): Promise<string | null> => {
      const file = nanoid(12);
      const result = await command({ kind: 'file.create', file, path, text: '' });
      if (!result.ok) return result.error.message;
      openFile(file);
      return null;
    },
    renameFile: async (file: FileId, path: string): Promise<string | null> => {
      const result = await command({ kind: 'file.rename', file, path });
      return result.ok ? null : result.error.message;
    },
    deleteFile: (file: FileId) => void reported(command({ kind: 'file.delete', file })),
    pinEntry: (file: FileId | null) => void reported(command({ kind: 'entry.pin', file })),
    /** Where the last run failed. */
    failures,
    /** Goes to the next line at which the last run failed, from where the cursor is, through all files. */
    nextFailure: () => {
      const places = failures.flatMap((place) => {
        const line = source.document(place.file)?.lineNow(place.version, place.line) ?? null;
        return line === null ? [] : [{ ...place, line }];
      });
      const at = active === undefined ? null : { file: active.id, line: editor.line() };
      const next = nextPlace(places, at);
      if (next === null) return say({ text: 'The last run points to no line that is still as it was.' });
      tabs.open(next.file);
      setPane('code');
      editor.reveal(next.file, { ...next, explain: true });
    },
    said,
    /** Says how safe what was typed is, until it is saved and has been read. */
    tellSaved: () => say('saved'),
    format: () => {
      const language = active === undefined ? null : languageOf(active.path);
      const of = language === null ? 'this kind of file' : LANGUAGES[language].label;
      say({ text: `There is no formatter for ${of} here. Nothing was changed.` });
    },
    setWorkFolder: (folder: WorkFolder) => void reported(command({ kind: 'workFolder.set', folder })),
    restoreFile: async (file: FileId): Promise<void> => {
      const result = await command({ kind: 'file.restore', file });
      if (result.ok) openFile(file);
      else if (result.error.code !== 'file.restored') report(result.error.message);
    },
    lastDeleted,
    lock: (locked: boolean) => void reported(command({ kind: 'room.lock', locked })),
    leave: () => navigate('/'),
  };
}
