import { languageOf } from '@codesync/protocol';
import { useMemo, useState } from 'react';
import { ConnectionBanner } from '../../features/connection/ConnectionBanner.tsx';
import { SaveLight } from '../../features/connection/SaveLight.tsx';
import { UnsentNotice } from '../../features/connection/UnsentNotice.tsx';
import { saveWords } from '../../features/connection/words.ts';
import { FilesPanel } from '../../features/files/FilesPanel.tsx';
import { shown } from '../../features/palette/shortcuts.ts';
import { AvatarStack } from '../../features/people/AvatarStack.tsx';
import { PeoplePanel } from '../../features/people/PeoplePanel.tsx';
import { RoomMenu } from '../../features/rooms/RoomMenu.tsx';
import { OutputPanel } from '../../features/runs/OutputPanel.tsx';
import { RunControls } from '../../features/runs/RunControls.tsx';
import { SandboxState } from '../../features/runs/SandboxState.tsx';
import { ThemeSwitch } from '../../features/settings/ThemeSwitch.tsx';
import { isStill } from '../../room-source/still.ts';
import type { RoomSource } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { FocusContext, useFocusKeeper } from '../../ui/focus.ts';
import { distinctInitials } from '../../ui/initials.ts';
import { Notice } from '../../ui/Notice.tsx';
import { CodePane } from './CodePane.tsx';
import { commandsOf } from './commands.ts';
import { createPlaceStore } from './cursor-place.ts';
import { Header } from './Header.tsx';
import { Layers } from './Layers.tsx';
import { Phone } from './Phone.tsx';
import type { PanelName } from './panels.ts';
import { StatusBar } from './StatusBar.tsx';
import { type Desk, useDesk } from './useDesk.ts';
import { useKeys } from './useKeys.ts';
import { type SteadyView, useSave } from './useRoomView.ts';
import { Workbench } from './Workbench.tsx';

type OpenRoomProps = { source: RoomSource; view: SteadyView };

/** A room that has arrived, laid out for the screen that it is on. */
export function OpenRoom({ source, view }: OpenRoomProps) {
  const desk = useDesk(source, view);
  const [place] = useState(createPlaceStore);
  const commands = commandsOf(desk);
  useKeys(commands, desk.mac, desk.editor.focus);
  const focus = useFocusKeeper(desk.focusHome);

  const { room } = view;
  const { here, panels, phone, setLayer } = desk;
  const letters = useMemo(() => distinctInitials(room.members.values()), [room.members]);
  const closing = (panel: PanelName) => (phone ? {} : { onClose: () => desk.setPanel(panel, false) });

  const roomMenu = (
    <RoomMenu
      name={room.name}
      locked={room.locked}
      host={desk.host}
      onRename={() => setLayer('rename-room')}
      onLock={desk.lock}
      onShare={() => setLayer('share')}
      onSettings={() => setLayer('settings')}
      onShortcuts={() => setLayer('shortcuts')}
      onStatus={() => setLayer('status')}
      onLeave={desk.leave}
    />
  );
  const saveLight = <Saving desk={desk} />;
  const runKeys = shown('mod+enter', desk.mac);
  const run = (
    <RunControls
      entry={desk.entry}
      pinned={desk.pinned}
      workFolder={room.workFolder}
      files={desk.files}
      going={desk.runs.going}
      nameOf={({ by }) => (by === null ? undefined : room.members.get(by)?.name) ?? 'someone'}
      starting={desk.runs.starting}
      blocked={desk.runs.blocked}
      mayRun={desk.runs.mayRun}
      shortcut={runKeys}
      onRun={desk.run}
      onPin={desk.pinEntry}
      onWorkFolder={desk.setWorkFolder}
      onStop={(id) => void desk.runs.stop(id)}
      onTurned={desk.focusHome}
    />
  );
  // Without a connection nobody knows.
  const sandbox = desk.online && (
    <SandboxState
      sandbox={view.sandbox}
      language={desk.entry === null ? null : languageOf(desk.entry.path)}
      going={desk.runs.going.length}
    />
  );
  const panes = {
    files: (
      <FilesPanel
        room={room}
        whereabouts={view.whereabouts}
        letters={letters}
        active={desk.tabs.tabs.active}
        mayEdit={desk.mayEdit}
        naming={desk.naming}
        onNaming={desk.setNaming}
        onOpen={desk.openFile}
        onCreate={desk.createFile}
        onRename={desk.renameFile}
        onDelete={desk.setDeleting}
        {...closing('files')}
      />
    ),
    code: <CodePane desk={desk} place={place} />,
    output: (
      <OutputPanel
        room={room}
        selected={desk.runs.selected}
        onSelect={desk.runs.select}
        mayRun={desk.runs.mayRun}
        waiting={desk.input.waiting}
        wanted={desk.input.wanted}
        online={desk.online}
        runHint={runHint(desk, runKeys)}
        command={desk.command}
        wrap={desk.settings.wrapOutput}
        onWrap={(wrapOutput) => desk.settings.set({ wrapOutput })}
        fontSize={desk.settings.fontSize}
        onFollow={desk.follow}
        {...closing('output')}
      />
    ),
    people: (
      <PeoplePanel
        room={room}
        you={view.you}
        letters={letters}
        lost={view.lost}
        whereabouts={view.whereabouts}
        command={desk.command}
        isStill={(code) => isStill(code, view)}
        onOpenFile={desk.openFile}
        onShare={() => setLayer('share')}
        {...closing('people')}
      />
    ),
  };
  const foot = <Foot desk={desk} />;

  return (
    <FocusContext value={focus}>
      {phone ? (
        <Phone
          header={
            <header className="flex h-14 shrink-0 items-center gap-1 border-line border-b bg-surface-1 px-2">
              <div className="flex min-w-0 flex-1 items-center">{roomMenu}</div>
              {saveLight}
              {sandbox}
              {run}
            </header>
          }
          pane={desk.pane}
          onPane={desk.setPane}
          running={desk.runs.going.length > 0}
          here={here.length}
          foot={foot}
          {...panes}
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
            run={run}
            sandbox={sandbox}
            end={
              <>
                <ThemeSwitch />
                <AvatarStack
                  people={here}
                  letters={letters}
                  lost={view.lost}
                  open={panels.people}
                  onToggle={() => desk.toggle('people')}
                  shortcut={shown('alt+p', desk.mac)}
                />
              </>
            }
            onShare={() => setLayer('share')}
            onPalette={() => setLayer('palette')}
            paletteKeys={shown('mod+k', desk.mac)}
          />
          <Workbench open={panels} onCollapse={(panel) => desk.setPanel(panel, false)} {...panes} />
          {foot}
          <StatusBar
            view={view}
            path={desk.active?.path ?? null}
            place={place}
            indent={desk.indent}
            onIndent={({ size, tabs }) => desk.settings.set({ tabSize: size, tabs })}
            here={here.length}
            onStatus={() => setLayer('status')}
          />
        </div>
      )}
      <Layers desk={desk} commands={commands} />
    </FocusContext>
  );
}

/** What the output panel says before anything was run. */
function runHint({ runs, entry }: Desk, keys: string): string {
  if (!runs.mayRun) return 'Nothing has been run yet. What others run shows here.';
  if (runs.blocked !== null) return runs.blocked;
  if (entry === null) return 'Open a file that can be run.';
  return `Run ${entry.path} with ${keys}. Everyone here sees the output.`;
}

function Saving({ desk: { source, view } }: { desk: Desk }) {
  return <SaveLight connection={view.connection} save={useSave(source)} storage={view.storage} />;
}

function deletedWords({ lastDeleted, view: { room, you } }: Desk): string {
  if (lastDeleted === null) return '';
  const { by, path } = lastDeleted;
  const who = by === null ? undefined : by === you?.id ? 'You' : room.members.get(by)?.name;
  return `${who ?? 'Someone'} deleted ${path}.`;
}

/**
 * What must be said at the foot of the page: refusals, edits that were not taken, the connection. It makes room for
 * itself, and covers nothing; only the answer to a key, which goes by itself, lies over what is there.
 */
function Foot({ desk }: { desk: Desk }) {
  const { source, said } = desk;
  const view = { ...desk.view, save: useSave(source) };
  const save = saveWords(view);
  return (
    <div className="shrink-0">
      {desk.lastDeleted !== null && (
        <Notice
          tone="info"
          className="animate-rise border-line border-t"
          actions={
            desk.mayEdit && (
              <Button variant="ghost" onClick={() => void desk.restoreFile(desk.lastDeleted!.id)}>
                Undo
              </Button>
            )
          }
        >
          {deletedWords(desk)}
        </Notice>
      )}
      {said !== null && (
        <div data-layer="over" className="absolute inset-x-0 bottom-0 z-20">
          <Notice
            tone={said === 'saved' && save.tone !== 'neutral' ? save.tone : 'info'}
            className="animate-rise border-line border-t"
          >
            {said === 'saved' ? `${save.label.replace('…', '')}. ${save.detail}` : said.text}
          </Notice>
        </div>
      )}
      {desk.problems.map(({ id, message }) => (
        <Notice
          key={id}
          tone="danger"
          onDismiss={() => desk.dismiss(id)}
          className="animate-rise border-line border-t"
        >
          {message}
        </Notice>
      ))}
      {view.notices
        .map((notice) => ({ notice, past: !isStill(notice.error.code, view) }))
        .filter(({ notice, past }) => !past || notice.typed !== null || notice.text !== null)
        .map(({ notice, past }) => (
          <UnsentNotice
            key={notice.id}
            notice={notice}
            past={past}
            onDismiss={() => source.dismissNotice(notice.id)}
          />
        ))}
      <ConnectionBanner view={view} unsaved={source.unsaved} />
    </div>
  );
}
