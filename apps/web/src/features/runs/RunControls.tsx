import type { Run } from '@codesync/protocol';
import clsx from 'clsx';
import { ChevronDown, Folder, FolderRoot, Pin, PinOff, Play, SlidersHorizontal, Square } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useDesk, useFiles } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { Menu, MenuHeading, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { configurationHint, configurationProblem } from './configuration-words.ts';
import { isRunnable, nameOfTarget } from './entry.ts';
import { useBlocked, useGoing, useRunner, useRunnerState, useTarget } from './hooks.ts';
import { CONFIGURATIONS } from './runner.ts';
import { pathOfRun } from './words.ts';

/** Keys that run the entry file. */
export const RUN_KEYS = 'mod+enter';

const HALF =
  'inline-flex h-8 items-center text-sm transition-colors duration-120 phone:h-11 focus-visible:z-10';

/**
 * Run and Stop in one place, of one width whatever they say: the hand that goes there finds it. The right half names
 * the file or the configuration, and offers the others.
 */
export function RunControls() {
  const { mac, focusHome, openDialog } = useDesk();
  const { run, runTarget, stop, pin, pinConfiguration, otherWorkFolder } = useRunner();
  const target = useTarget();
  const pinned = target?.kind === 'configuration' || target?.pinned === true;
  const entry = target?.kind === 'file' ? target.file : null;
  const files = useFiles();
  const going = useGoing();
  const starting = useRunnerState((state) => state.starting);
  const blocked = useBlocked();
  const mayRun = useMay('run.start');
  const workFolder = useRoom(({ room }) => room.workFolder);
  const shortcut = shown(RUN_KEYS, mac);
  const newest = going.at(-1);
  const runnable = files.filter(isRunnable);
  const inFolders = runnable.some(({ path }) => path.includes('/'));
  const running = newest !== undefined;
  const button = useRef<HTMLButtonElement>(null);
  const means = running ? 'stop' : starting ? 'starting' : 'run';
  const meant = useRef(means);
  useLayoutEffect(() => {
    // Enter, pressed for something else, would stop the program or start it again.
    if (meant.current !== means && document.activeElement === button.current) focusHome();
    meant.current = means;
  });
  const disabled = running ? !mayRun : !mayRun || blocked !== null || target === null || starting;
  const name = running ? pathOfRun(newest) : target === null ? 'No file' : nameOfTarget(target);
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
            : (blocked ?? (target === null ? 'Open a file that can be run' : `Run ${name}`))
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
            if (running) void stop(newest.id);
            else runTarget();
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
            aria-label={`${!running && target?.kind === 'configuration' ? 'Run configuration' : 'Entry file'}: ${name}${pinned && !running ? ', pinned' : ''}`}
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
        {going.length > 0 && <GoingNow going={going} />}
        <Configurations disabled={!mayRun || blocked !== null || starting} />
        <MenuHeading>Run a file</MenuHeading>
        {runnable.map((file) => (
          <MenuItem
            key={file.id}
            disabled={!mayRun || blocked !== null || starting}
            icon={<Play size={14} strokeWidth={1.5} />}
            shortcut={file.id === entry?.id ? shortcut : undefined}
            onSelect={() => run({ entry: file.id })}
          >
            {file.path}
          </MenuItem>
        ))}
        {runnable.length === 0 && (
          <MenuItem
            disabled
            onSelect={() => undefined}
            hint="Files that end in .py, .js, .mjs, .cjs, .go or .rs can be run. For another one, choose its language first."
          >
            Nothing to run yet
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem
          icon={<SlidersHorizontal size={14} strokeWidth={1.5} />}
          onSelect={() => openDialog(CONFIGURATIONS)}
        >
          {mayRun ? 'Edit configurations…' : 'Configurations…'}
        </MenuItem>
        {target?.kind === 'configuration' && (
          <MenuItem
            disabled={!mayRun}
            icon={<PinOff size={14} strokeWidth={1.5} />}
            hint={`“${name}” is pinned for everyone here`}
            onSelect={() => pinConfiguration(null)}
          >
            Run what is open
          </MenuItem>
        )}
        {entry !== null && (
          <>
            <MenuItem
              disabled={!mayRun}
              icon={pinned ? <PinOff size={14} strokeWidth={1.5} /> : <Pin size={14} strokeWidth={1.5} />}
              hint={
                pinned ? `${entry.path} is pinned for everyone here` : 'For everyone here, whatever is open'
              }
              onSelect={() => pin(pinned ? null : entry.id)}
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
                onSelect={otherWorkFolder}
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

/** The room's configurations, each to be run at once. */
function Configurations({ disabled }: { disabled: boolean }) {
  const { run } = useRunner();
  const target = useTarget();
  const { mac } = useDesk();
  const configurations = useRoom(({ room }) => room.configurations);
  const files = useRoom(({ room }) => room.files);
  const pinned = target?.kind === 'configuration' ? target.configuration.id : null;
  if (configurations.size === 0) return null;
  return (
    <>
      <MenuHeading>Run a configuration</MenuHeading>
      {[...configurations.values()].map((configuration) => (
        <MenuItem
          key={configuration.id}
          disabled={disabled || configurationProblem(configuration, files) !== null}
          icon={<Play size={14} strokeWidth={1.5} />}
          hint={configurationProblem(configuration, files) ?? configurationHint(configuration, files)}
          shortcut={configuration.id === pinned ? shown(RUN_KEYS, mac) : undefined}
          onSelect={() => run({ configuration: configuration.id })}
        >
          {configuration.name}
        </MenuItem>
      ))}
    </>
  );
}

function GoingNow({ going }: { going: readonly Run[] }) {
  const { stop } = useRunner();
  const mayRun = useMay('run.start');
  const members = useRoom(({ room }) => room.members);
  const nameOf = ({ by }: Run) => (by === null ? undefined : members.get(by)?.name) ?? 'someone';
  return (
    <>
      <MenuHeading>Going now</MenuHeading>
      {going.map((run) => (
        <MenuItem
          key={run.id}
          danger
          disabled={!mayRun}
          icon={<Square size={12} strokeWidth={1.5} />}
          onSelect={() => void stop(run.id)}
        >
          Stop {pathOfRun(run)} of {nameOf(run)}
        </MenuItem>
      ))}
      <MenuLine />
    </>
  );
}
