import { type FileId, languageOf, may } from '@codesync/protocol';
import { type FileEntry, sortedFiles } from '@codesync/room';
import { nanoid } from 'nanoid';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { EditorHandle } from '../../editor/Editor.tsx';
import { ClosedPage } from '../../features/connection/ClosedPage.tsx';
import { ConnectionBanner } from '../../features/connection/ConnectionBanner.tsx';
import { SaveLight } from '../../features/connection/SaveLight.tsx';
import { UnsentNotice } from '../../features/connection/UnsentNotice.tsx';
import { FilesPanel, type Naming } from '../../features/files/FilesPanel.tsx';
import { TabStrip } from '../../features/files/TabStrip.tsx';
import type { Command } from '../../features/palette/command.ts';
import { Palette } from '../../features/palette/Palette.tsx';
import { ShortcutsSheet } from '../../features/palette/ShortcutsSheet.tsx';
import { onMac, shown } from '../../features/palette/shortcuts.ts';
import { AvatarStack } from '../../features/people/AvatarStack.tsx';
import { PeoplePanel } from '../../features/people/PeoplePanel.tsx';
import { ViewerStrip } from '../../features/people/ViewerStrip.tsx';
import { peopleInOrder } from '../../features/people/words.ts';
import { roomPath } from '../../features/rooms/link.ts';
import { RenameRoomDialog, RoomMenu } from '../../features/rooms/RoomMenu.tsx';
import { OutputPanel } from '../../features/runs/OutputPanel.tsx';
import { RunControls } from '../../features/runs/RunControls.tsx';
import { SandboxState } from '../../features/runs/SandboxState.tsx';
import { SettingsDialog } from '../../features/settings/SettingsDialog.tsx';
import { stepFontSize, useSettings } from '../../features/settings/settings.ts';
import { ThemeSwitch } from '../../features/settings/ThemeSwitch.tsx';
import { otherTheme, useTheme } from '../../features/settings/theme.ts';
import { ShareDialog } from '../../features/share/ShareDialog.tsx';
import type { RoomSource } from '../../room-source/types.ts';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { useMediaQuery } from '../../ui/hooks.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { TooltipProvider } from '../../ui/Tooltip.tsx';
import { Header } from './Header.tsx';
import { Phone } from './Phone.tsx';
import { type Pane, type PanelName, usePanels } from './panels.ts';
import { useProblems } from './problems.ts';
import { type CursorPlace, StatusBar } from './StatusBar.tsx';
import { useKeys } from './useKeys.ts';
import { useRecent } from './useRecent.ts';
import { useRoomView } from './useRoomView.ts';
import { entryFile, useRuns } from './useRuns.ts';
import { useTabs } from './useTabs.ts';
import { Workbench } from './Workbench.tsx';

const Editor = lazy(() => import('../../editor/Editor.tsx'));

type RoomScreenProps = { source: RoomSource };

type Layer = 'palette' | 'settings' | 'share' | 'shortcuts' | 'rename-room' | null;

/** A room on the screen, whichever driver feeds it. */
export function RoomScreen({ source }: RoomScreenProps) {
  const view = useRoomView(source);
  useRecent(view);
  const { room, connection } = view;

  useEffect(() => {
    document.title = room.name === '' ? 'CodeSync' : `${room.name} · CodeSync`;
  }, [room.name]);

  if (connection.kind === 'closed') return <ClosedPage error={connection.error} save={view.save} />;
  if (!view.ready) return <Opening waiting={connection.kind !== 'joining'} />;
  return (
    <TooltipProvider>
      <OpenRoom source={source} view={view} />
    </TooltipProvider>
  );
}

function Opening({ waiting }: { waiting: boolean }) {
  return (
    <main className="flex h-full items-center justify-center bg-surface-1 p-5">
      <p role="status" className="flex animate-fade items-center gap-2.5 text-ink-2">
        <Spinner />
        {waiting
          ? 'The server cannot be reached, and this device has no copy of the room. Trying again…'
          : 'Opening the room…'}
      </p>
    </main>
  );
}

function OpenRoom({ source, view }: RoomScreenProps & { view: ReturnType<typeof useRoomView> }) {
  const { room, you } = view;
  const [, navigate] = useLocation();
  const phone = useMediaQuery('(width < 720px)');
  const theme = useTheme();
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)');
  const settings = useSettings();
  const panels = usePanels();
  const [pane, setPane] = useState<Pane>('code');
  const [layer, setLayer] = useState<Layer>(null);
  const [naming, setNaming] = useState<Naming | null>(null);
  const [deleting, setDeleting] = useState<FileEntry | null>(null);
  const [place, setPlace] = useState<CursorPlace | null>(null);
  const { problems, report, dismiss } = useProblems();
  const { tabs, open, close, step } = useTabs(view.id, room, view.connection.kind === 'online');
  const runs = useRuns(source, view, report);
  const mac = useMemo(onMac, []);

  const editor = useRef<EditorHandle | null>(null);
  const wantedLine = useRef<number | null>(null);
  const focusEditor = useCallback(() => editor.current?.focus(), []);

  const files = useMemo(() => sortedFiles(room), [room]);
  const active = tabs.active === null ? undefined : room.files.get(tabs.active);
  const entry = entryFile(active, files, room.runs.values());
  const mayEdit = you !== null && may(you.role, 'edit');
  const host = you !== null && may(you.role, 'room.rename');
  const { here } = peopleInOrder(room.members.values(), you?.id ?? null);
  const nameOf = (run: { readonly by: string | null }) =>
    run.by === null ? 'someone' : (room.members.get(run.by)?.name ?? 'someone');

  const show = useCallback(
    (panel: PanelName) => {
      panels.set(panel, true);
      setPane(panel);
    },
    [panels.set],
  );
  const toggle = (panel: PanelName) => {
    if (phone) setPane(pane === panel ? 'code' : panel);
    else panels.set(panel, !panels[panel]);
  };

  const openFile = useCallback(
    (file: FileId) => {
      open(file);
      setPane('code');
    },
    [open],
  );

  const follow = useCallback(
    (path: string, line: number) => {
      const file = [...source.view().room.files.values()].find((other) => other.path === path);
      if (file === undefined) return;
      if (file.id === tabs.active) editor.current?.reveal(line);
      else wantedLine.current = line;
      openFile(file.id);
    },
    [source, tabs.active, openFile],
  );

  const onReady = useCallback((handle: EditorHandle) => {
    editor.current = handle;
    if (wantedLine.current !== null) handle.reveal(wantedLine.current);
    wantedLine.current = null;
  }, []);

  const onCursorChange = useCallback((line: number, column: number, selected: number) => {
    setPlace({ line, column, selected });
  }, []);

  const run = useCallback(
    (file: FileId) => {
      show('output');
      void runs.start(file);
    },
    [show, runs.start],
  );
  const runEntry = () => {
    if (entry === null || !runs.mayRun) return;
    if (runs.blocked !== null) report(runs.blocked);
    else run(entry.id);
  };
  const newFile = () => {
    show('files');
    const folder = active?.path.slice(0, active.path.lastIndexOf('/') + 1) ?? '';
    setNaming({ kind: 'new', folder });
  };

  const create = async (path: string): Promise<string | null> => {
    const file = nanoid(12);
    const result = await source.command({ kind: 'file.create', file, path, text: '' });
    if (!result.ok) return result.error.message;
    openFile(file);
    return null;
  };
  const rename = async (file: FileId, path: string): Promise<string | null> => {
    const result = await source.command({ kind: 'file.rename', file, path });
    return result.ok ? null : result.error.message;
  };
  const remove = async (file: FileEntry) => {
    const result = await source.command({ kind: 'file.delete', file: file.id });
    if (!result.ok) report(result.error.message);
  };
  const lock = async (locked: boolean) => {
    const result = await source.command({ kind: 'room.lock', locked });
    if (!result.ok) report(result.error.message);
  };
  const leave = () => navigate('/');

  const commands: readonly Command[] = [
    {
      id: 'run',
      title: entry === null ? 'Run' : `Run ${entry.path}`,
      section: 'Run',
      keys: ['mod+enter'],
      enabled: entry !== null && runs.mayRun,
      run: runEntry,
    },
    {
      id: 'stop',
      title: 'Stop the running program',
      section: 'Run',
      keys: ['mod+shift+enter'],
      enabled: runs.going.length > 0 && runs.mayRun,
      run: () => void runs.stop(runs.going.at(-1)!.id),
    },
    { id: 'file.new', title: 'New file', section: 'Files', keys: ['alt+n'], enabled: mayEdit, run: newFile },
    {
      id: 'file.rename',
      title: active === undefined ? 'Rename file' : `Rename ${active.path}`,
      section: 'Files',
      enabled: mayEdit && active !== undefined,
      run: () => {
        show('files');
        setNaming({ kind: 'rename', file: active!.id });
      },
    },
    {
      id: 'file.delete',
      title: active === undefined ? 'Delete file' : `Delete ${active.path}…`,
      section: 'Files',
      enabled: mayEdit && active !== undefined,
      run: () => setDeleting(active!),
    },
    {
      id: 'tab.close',
      title: 'Close tab',
      section: 'Files',
      keys: ['alt+w'],
      enabled: tabs.active !== null,
      run: () => close(tabs.active!),
    },
    {
      id: 'tab.next',
      title: 'Next tab',
      section: 'Files',
      keys: ['alt+pagedown'],
      enabled: tabs.open.length > 1,
      run: () => step(1),
    },
    {
      id: 'tab.previous',
      title: 'Previous tab',
      section: 'Files',
      keys: ['alt+pageup'],
      enabled: tabs.open.length > 1,
      run: () => step(-1),
    },
    {
      id: 'view.files',
      title: 'Toggle files',
      section: 'View',
      keys: ['mod+b'],
      enabled: true,
      run: () => toggle('files'),
    },
    {
      id: 'view.output',
      title: 'Toggle output',
      section: 'View',
      keys: ['ctrl+`'],
      enabled: true,
      run: () => toggle('output'),
    },
    {
      id: 'view.people',
      title: 'Toggle people',
      section: 'View',
      keys: ['alt+p'],
      enabled: true,
      run: () => toggle('people'),
    },
    {
      id: 'view.theme',
      title: theme === 'dark' ? 'Switch to light theme' : 'Switch to dark theme',
      section: 'View',
      enabled: true,
      run: () => settings.set({ theme: otherTheme(theme, systemDark) }),
    },
    {
      id: 'view.larger',
      title: 'Larger text',
      section: 'View',
      keys: ['alt+='],
      enabled: true,
      run: () => settings.set({ fontSize: stepFontSize(settings.fontSize, 1) }),
    },
    {
      id: 'view.smaller',
      title: 'Smaller text',
      section: 'View',
      keys: ['alt+-'],
      enabled: true,
      run: () => settings.set({ fontSize: stepFontSize(settings.fontSize, -1) }),
    },
    { id: 'room.share', title: 'Copy a link…', section: 'Room', enabled: true, run: () => setLayer('share') },
    {
      id: 'room.rename',
      title: 'Rename room…',
      section: 'Room',
      enabled: host,
      run: () => setLayer('rename-room'),
    },
    {
      id: 'room.lock',
      title: room.locked ? 'Open to newcomers' : 'Close to newcomers',
      section: 'Room',
      enabled: host,
      run: () => void lock(!room.locked),
    },
    { id: 'room.leave', title: 'Leave room', section: 'Room', enabled: true, run: leave },
    {
      id: 'help.palette',
      title: 'Command palette',
      section: 'Help',
      keys: ['mod+k'],
      enabled: true,
      run: () => setLayer('palette'),
    },
    {
      id: 'help.settings',
      title: 'Settings…',
      section: 'Help',
      keys: ['mod+,'],
      enabled: true,
      run: () => setLayer('settings'),
    },
    {
      id: 'help.shortcuts',
      title: 'Keyboard shortcuts',
      section: 'Help',
      keys: ['mod+shift+/', 'shift+?'],
      enabled: true,
      run: () => setLayer('shortcuts'),
    },
  ];
  useKeys(commands, mac, focusEditor);

  const filesPanel = (
    <FilesPanel
      room={room}
      whereabouts={view.whereabouts}
      active={tabs.active}
      mayEdit={mayEdit}
      naming={naming}
      onNaming={setNaming}
      onOpen={openFile}
      onCreate={create}
      onRename={rename}
      onDelete={setDeleting}
      {...(phone ? {} : { onClose: () => panels.set('files', false) })}
    />
  );
  const code = (
    <section aria-label="Code" className="flex h-full min-h-0 flex-col bg-surface-0">
      <TabStrip tabs={tabs} files={room.files} onOpen={openFile} onCloseTab={close} />
      {you?.role === 'viewer' && (
        <ViewerStrip asked={room.members.get(you.id)?.asking ?? false} command={source.command} />
      )}
      <div className="relative min-h-0 flex-1">
        {active === undefined ? (
          <div className="flex h-full items-center justify-center p-4 text-center text-ink-3">
            {files.length === 0
              ? 'This room has no files yet. Create one from the files panel.'
              : 'No file is open. Choose one from the files panel.'}
          </div>
        ) : (
          <Suspense
            fallback={
              <p className="flex animate-fade items-center gap-2.5 p-4 text-ink-3">
                <Spinner /> Opening the editor
              </p>
            }
          >
            <Editor
              source={source}
              file={active.id}
              readOnly={!mayEdit}
              fontSize={settings.fontSize}
              tabSize={settings.tabSize}
              theme={theme}
              onCursorChange={onCursorChange}
              onRun={runEntry}
              onReady={onReady}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
  const runKeys = shown('mod+enter', mac);
  const output = (
    <OutputPanel
      room={room}
      selected={runs.selected}
      onSelect={runs.select}
      mayRun={runs.mayRun}
      online={view.connection.kind === 'online'}
      runHint={
        !runs.mayRun
          ? 'Nothing has been run yet. What others run shows here.'
          : (runs.blocked ??
            (entry === null
              ? 'Open a file that can be run.'
              : `Run ${entry.path} with ${runKeys}. Everyone here sees the output.`))
      }
      command={source.command}
      wrap={settings.wrapOutput}
      onWrap={(wrapOutput) => settings.set({ wrapOutput })}
      fontSize={settings.fontSize}
      onFollow={follow}
      {...(phone ? {} : { onClose: () => panels.set('output', false) })}
    />
  );
  const people = (
    <PeoplePanel
      room={room}
      you={you}
      whereabouts={view.whereabouts}
      command={source.command}
      onOpenFile={openFile}
      onShare={() => setLayer('share')}
      {...(phone ? {} : { onClose: () => panels.set('people', false) })}
    />
  );
  const roomMenu = (
    <RoomMenu
      name={room.name}
      locked={room.locked}
      host={host}
      onRename={() => setLayer('rename-room')}
      onLock={(locked) => void lock(locked)}
      onShare={() => setLayer('share')}
      onSettings={() => setLayer('settings')}
      onShortcuts={() => setLayer('shortcuts')}
      onLeave={leave}
    />
  );
  const saveLight = <SaveLight connection={view.connection} save={view.save} storage={view.storage} />;
  const runControls = (
    <RunControls
      entry={entry}
      files={files}
      going={runs.going}
      nameOf={nameOf}
      starting={runs.starting}
      blocked={runs.blocked}
      mayRun={runs.mayRun}
      shortcut={runKeys}
      onRun={run}
      onStop={(id) => void runs.stop(id)}
    />
  );
  // Without a connection nobody knows.
  const sandbox = view.connection.kind === 'online' && (
    <SandboxState sandbox={view.sandbox} language={entry === null ? null : languageOf(entry.path)} />
  );
  const foot = (
    <>
      {problems.map(({ id, message }) => (
        <Notice
          key={id}
          tone="danger"
          onDismiss={() => dismiss(id)}
          className="animate-rise border-line border-t"
        >
          {message}
        </Notice>
      ))}
      {view.notices.map((notice) => (
        <UnsentNotice key={notice.id} notice={notice} onDismiss={() => source.dismissNotice(notice.id)} />
      ))}
      <ConnectionBanner view={view} />
    </>
  );

  return (
    <>
      {phone ? (
        <Phone
          header={
            <header className="flex h-14 shrink-0 items-center gap-1 border-line border-b bg-surface-1 px-2">
              <div className="flex min-w-0 flex-1 items-center">{roomMenu}</div>
              {saveLight}
              {sandbox}
              {runControls}
            </header>
          }
          pane={pane}
          onPane={setPane}
          running={runs.going.length > 0}
          here={here.length}
          files={filesPanel}
          code={code}
          output={output}
          people={people}
          foot={foot}
        />
      ) : (
        <div className="relative flex h-dvh flex-col">
          <Header
            start={
              <>
                {roomMenu}
                {saveLight}
              </>
            }
            run={runControls}
            sandbox={sandbox}
            end={
              <>
                <ThemeSwitch />
                <AvatarStack
                  people={here}
                  open={panels.people}
                  onToggle={() => toggle('people')}
                  shortcut={shown('alt+p', mac)}
                />
              </>
            }
            onShare={() => setLayer('share')}
            onPalette={() => setLayer('palette')}
            paletteKeys={shown('mod+k', mac)}
          />
          <Workbench
            open={panels}
            onCollapse={(panel) => panels.set(panel, false)}
            files={filesPanel}
            code={code}
            output={output}
            people={people}
          />
          <StatusBar
            view={view}
            path={active?.path ?? null}
            place={place}
            tabSize={settings.tabSize}
            here={here.length}
          />
          <div className="absolute inset-x-0 bottom-0 z-20">{foot}</div>
        </div>
      )}
      <Palette
        open={layer === 'palette'}
        onOpenChange={(isOpen) => setLayer(isOpen ? 'palette' : null)}
        commands={commands}
        files={files}
        onOpenFile={openFile}
        mac={mac}
      />
      <SettingsDialog
        open={layer === 'settings'}
        onOpenChange={(isOpen) => setLayer(isOpen ? 'settings' : null)}
      />
      <ShortcutsSheet
        open={layer === 'shortcuts'}
        onOpenChange={(isOpen) => setLayer(isOpen ? 'shortcuts' : null)}
        commands={commands}
        mac={mac}
      />
      <ShareDialog
        open={layer === 'share'}
        onOpenChange={(isOpen) => setLayer(isOpen ? 'share' : null)}
        roomId={view.id}
        host={host}
        hosts={[...room.members.values()].filter((member) => member.role === 'host' && !member.removed)}
        locked={room.locked}
        generations={room.links}
        linkTo={(secret) => `${location.origin}${roomPath(view.id, secret)}`}
        command={source.command}
        onShowPeople={() => show('people')}
      />
      <RenameRoomDialog
        open={layer === 'rename-room'}
        onOpenChange={(isOpen) => setLayer(isOpen ? 'rename-room' : null)}
        name={room.name}
        command={source.command}
      />
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) setDeleting(null);
        }}
        title={`Delete ${deleting?.path ?? ''}?`}
        confirm="Delete"
        onConfirm={() => {
          if (deleting !== null) void remove(deleting);
        }}
      >
        It goes for everyone in the room, at once. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
