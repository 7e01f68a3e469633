import type { FileId, Run, RunId, WorkFolder } from '@codesync/protocol';
import { languageOf } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import clsx from 'clsx';
import { ChevronDown, Folder, FolderRoot, Pin, PinOff, Play, Square } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { Menu, MenuHeading, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { pathOfRun } from './words.ts';

type RunControlsProps = {
  /** The file that Run starts; null when none can be run. */
  entry: FileEntry | null;
  /** The entry is pinned for everyone: Run starts it whatever is open. */
  pinned: boolean;
  workFolder: WorkFolder;
  files: readonly FileEntry[];
  /** Runs that have not ended, oldest first. */
  going: readonly Run[];
  nameOf: (run: Run) => string;
  /** Between pressing Run and the run's place in the log: the last edits are being saved. */
  starting: boolean;
  /** Why nothing can be started, in a sentence; null when it can. */
  blocked: string | null;
  mayRun: boolean;
  shortcut: string;
  onRun: (file: FileId) => void;
  onPin: (file: FileId | null) => void;
  onWorkFolder: (folder: WorkFolder) => void;
  onStop: (run: RunId) => void;
  /** The button that has the focus means something else from now on. */
  onTurned: () => void;
};

const HALF =
  'inline-flex h-8 items-center text-sm transition-colors duration-120 phone:h-11 focus-visible:z-10';

/**
 * Run and Stop in one place, of one width whatever they say: the hand that goes there finds it. The right half names
 * the file, and offers the others.
 */
export function RunControls(props: RunControlsProps) {
  const {
    entry,
    pinned,
    workFolder,
    files,
    going,
    nameOf,
    starting,
    blocked,
    mayRun,
    shortcut,
    onRun,
    onPin,
    onWorkFolder,
    onStop,
    onTurned,
  } = props;
  const newest = going.at(-1);
  const runnable = files.filter(({ path }) => languageOf(path) !== null);
  const inFolders = runnable.some(({ path }) => path.includes('/'));
  const running = newest !== undefined;
  const button = useRef<HTMLButtonElement>(null);
  const means = running ? 'stop' : starting ? 'starting' : 'run';
  const meant = useRef(means);
  useLayoutEffect(() => {
    // Enter, pressed for something else, would stop the program or start it again.
    if (meant.current !== means && document.activeElement === button.current) onTurned();
    meant.current = means;
  });
  const disabled = running ? !mayRun : !mayRun || blocked !== null || entry === null || starting;
  const name = running ? pathOfRun(newest) : (entry?.path ?? 'No file');
  const shade = disabled
    ? 'border-y border-line bg-surface-2 text-ink-3 first:border-l last:border-r'
    : running
      ? 'bg-danger-soft text-danger hover:bg-danger hover:text-surface-0'
      : 'bg-accent text-on-accent hover:bg-accent-hover';
  const seam = disabled ? 'border-l-line' : running ? 'border-l-danger/25' : 'border-l-on-accent/25';

  return (
    <div className="flex shrink-0 items-stretch">
      <Tooltip
        content={
          running
            ? `Stop ${name}`
            : (blocked ?? (entry === null ? 'Open a file that can be run' : `Run ${name}`))
        }
        shortcut={running ? undefined : shortcut}
      >
        <button
          ref={button}
          type="button"
          // Not `disabled`: the reason must stay reachable.
          aria-disabled={disabled}
          onClick={() => {
            if (disabled) return;
            if (running) onStop(newest.id);
            else if (entry !== null) onRun(entry.id);
          }}
          className={clsx(HALF, 'w-[74px] shrink-0 justify-center gap-1.5 rounded-l-md font-medium', shade)}
        >
          {running ? (
            <Square size={12} strokeWidth={0} fill="currentColor" aria-hidden="true" />
          ) : starting ? (
            <Spinner />
          ) : (
            <Play size={13} strokeWidth={0} fill="currentColor" aria-hidden="true" />
          )}
          {running ? 'Stop' : 'Run'}
        </button>
      </Tooltip>
      <Menu
        align="center"
        trigger={
          <button
            type="button"
            aria-label={`Entry file: ${name}${pinned && !running ? ', pinned' : ''}`}
            className={clsx(
              HALF,
              'w-40 gap-1 rounded-r-md border-l pr-1.5 pl-2 max-[900px]:w-28 phone:w-11! phone:justify-center phone:p-0',
              shade,
              seam,
            )}
          >
            {pinned && !running && (
              <Pin size={12} strokeWidth={1.5} className="shrink-0 phone:hidden" aria-hidden="true" />
            )}
            <span className="min-w-0 flex-1 truncate text-left phone:hidden">{name}</span>
            <ChevronDown size={14} strokeWidth={1.5} className="shrink-0" aria-hidden="true" />
          </button>
        }
      >
        {going.length > 0 && (
          <>
            <MenuHeading>Going now</MenuHeading>
            {going.map((run) => (
              <MenuItem
                key={run.id}
                danger
                disabled={!mayRun}
                icon={<Square size={12} strokeWidth={1.5} />}
                onSelect={() => onStop(run.id)}
              >
                Stop {pathOfRun(run)} of {nameOf(run)}
              </MenuItem>
            ))}
            <MenuLine />
          </>
        )}
        <MenuHeading>Run a file</MenuHeading>
        {runnable.map((file) => (
          <MenuItem
            key={file.id}
            disabled={!mayRun || blocked !== null || starting}
            icon={<Play size={14} strokeWidth={1.5} />}
            shortcut={file.id === entry?.id ? shortcut : undefined}
            onSelect={() => onRun(file.id)}
          >
            {file.path}
          </MenuItem>
        ))}
        {runnable.length === 0 && (
          <MenuItem
            disabled
            onSelect={() => undefined}
            hint="Files that end in .py, .js, .mjs, .cjs, .go or .rs can be run."
          >
            Nothing to run yet
          </MenuItem>
        )}
        {entry !== null && (
          <>
            <MenuLine />
            <MenuItem
              disabled={!mayRun}
              icon={pinned ? <PinOff size={14} strokeWidth={1.5} /> : <Pin size={14} strokeWidth={1.5} />}
              hint={
                pinned ? `${entry.path} is pinned for everyone here` : 'For everyone here, whatever is open'
              }
              onSelect={() => onPin(pinned ? null : entry.id)}
            >
              {pinned ? 'Run what is open' : `Always run ${entry.path}`}
            </MenuItem>
            {(inFolders || workFolder === 'entry') && (
              <MenuItem
                disabled={!mayRun}
                icon={
                  workFolder === 'room' ? (
                    <Folder size={14} strokeWidth={1.5} />
                  ) : (
                    <FolderRoot size={14} strokeWidth={1.5} />
                  )
                }
                hint={
                  workFolder === 'room'
                    ? 'Programs start in the room’s top folder, for everyone here'
                    : 'Programs start in their own file’s folder, for everyone here'
                }
                onSelect={() => onWorkFolder(workFolder === 'room' ? 'entry' : 'room')}
              >
                {workFolder === 'room' ? 'Start in the file’s own folder' : 'Start in the top folder'}
              </MenuItem>
            )}
          </>
        )}
      </Menu>
    </div>
  );
}
