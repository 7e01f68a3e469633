import type { FileId, Member } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import clsx from 'clsx';
import { ChevronDown, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useDesk, useDeskState } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { shown as keysShown } from '../../desk/shortcuts.ts';
import type { Tabs } from '../../desk/tabs.ts';
import { ContextItem, ContextMenu } from '../../ui/ContextMenu.tsx';
import { Menu, MenuChoice } from '../../ui/Menu.tsx';
import { FileIcon } from './FileIcon.tsx';
import { PeopleHere } from './PeopleHere.tsx';
import { tabName } from './tree.ts';
import { useOthersByFile } from './useOthersByFile.ts';

const NOBODY: readonly Member[] = [];

/**
 * The open files. Arrow keys walk along, Delete or a middle click closes. Where there is no room for all, the active
 * one is in view, and a list names them all. A file that is only previewed is in italics.
 */
export function TabStrip() {
  const desk = useDesk();
  const tabs = useDeskState((state) => state.tabs);
  const files = useRoom(({ room }) => room.files);
  const others = useOthersByFile();
  const strip = useRef<HTMLUListElement>(null);
  const { active } = tabs;
  const [overflows, setOverflows] = useState(false);

  const open = tabs.open.flatMap((id) => files.get(id) ?? []);
  const paths = open.map(({ path }) => path);

  // Looked at again when the tabs, their names or the room for them change.
  const shown = paths.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` stands for what is in the strip
  useEffect(() => {
    const list = strip.current;
    if (list === null) return;
    const fit = new ResizeObserver(() => {
      setOverflows(list.scrollWidth > list.clientWidth);
      if (active === null) return;
      list
        .querySelector(`[data-tab="${CSS.escape(active)}"]`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    fit.observe(list);
    return () => fit.disconnect();
  }, [active, shown]);

  /** The focus stays at the tabs. */
  const step = (from: FileId, by: number) => {
    const next = tabs.open[tabs.open.indexOf(from) + by];
    if (next === undefined) return;
    desk.walkTo(next);
    strip.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next)}"] button`)?.focus();
  };

  return (
    <nav aria-label="Open files" className="flex h-9 shrink-0 border-line border-b bg-surface-1 phone:h-11">
      <ul
        ref={strip}
        className="flex h-full min-w-0 flex-1 overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
      >
        {open.map((file) => (
          <FileTab
            key={file.id}
            file={file}
            paths={paths}
            tabs={tabs}
            people={others.get(file.id) ?? NOBODY}
            onStep={step}
          />
        ))}
      </ul>
      {overflows && (
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              aria-label={`All ${open.length} open files`}
              className="inline-flex h-full shrink-0 items-center gap-0.5 border-line border-l px-2 text-ink-2 text-xs tabular-nums hover:bg-surface-2 hover:text-ink-1 focus-visible:-outline-offset-2 phone:min-w-11"
            >
              {open.length}
              <ChevronDown size={14} strokeWidth={1.5} aria-hidden="true" />
            </button>
          }
        >
          <MenuChoice
            value={active}
            onChange={desk.goToFile}
            options={open.map(({ id, path }) => ({ value: id, label: path }))}
          />
        </Menu>
      )}
    </nav>
  );
}

type FileTabProps = {
  file: FileEntry;
  /** Of all open files. */
  paths: readonly string[];
  tabs: Tabs;
  /** The others who have their cursor in it. */
  people: readonly Member[];
  /** Goes to the tab so many places to the right of another. */
  onStep: (from: FileId, by: number) => void;
};

function FileTab({ file, paths, tabs, people, onStep }: FileTabProps) {
  const desk = useDesk();
  const { id, path } = file;
  const { name, folder } = tabName(path, paths);
  const isActive = id === tabs.active;
  const isPreview = id === tabs.preview;
  const described = [
    ...(isPreview ? ['Preview'] : []),
    ...(people.length > 0 ? [`here: ${people.map((person) => person.name).join(', ')}`] : []),
  ];
  const tab = (
    <li
      data-tab={id}
      onAuxClick={(event) => {
        if (event.button === 1) desk.closeTab(id);
      }}
      className={clsx(
        'group relative flex h-full min-w-0 max-w-56 shrink-0 items-center border-line border-r',
        isActive ? 'bg-surface-0 text-ink-1' : 'text-ink-2 hover:bg-surface-2 hover:text-ink-1',
      )}
    >
      <button
        type="button"
        aria-current={isActive ? 'page' : undefined}
        aria-description={described.length === 0 ? undefined : described.join(', ')}
        title={path}
        onClick={() => desk.goToFile(id)}
        onDoubleClick={() => desk.keepOpen(id)}
        onKeyDown={({ key }) => {
          if (key === 'Delete') desk.closeTab(id);
          if (key === 'ArrowRight') onStep(id, 1);
          if (key === 'ArrowLeft') onStep(id, -1);
        }}
        className="flex h-full min-w-0 items-center gap-1.5 pr-1 pl-3 focus-visible:-outline-offset-2"
      >
        <FileIcon file={file} />
        <span className={clsx('truncate', isPreview && 'italic')}>{name}</span>
        {folder !== '' && <span className="truncate text-ink-3 text-xs">{folder}</span>}
        {people.length > 0 && <PeopleHere people={people} />}
      </button>
      <button
        type="button"
        aria-label={`Close ${path}`}
        onClick={() => desk.closeTab(id)}
        className={clsx(
          'mr-1.5 inline-flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-surface-3 hover:text-ink-1 focus-visible:opacity-100 group-hover:opacity-100 phone:size-11 phone:opacity-100',
          !isActive && 'opacity-0',
        )}
      >
        <X size={14} strokeWidth={1.5} aria-hidden="true" />
      </button>
      {isActive && <span aria-hidden="true" className="absolute inset-x-0 -bottom-px h-px bg-surface-0" />}
    </li>
  );
  return (
    <ContextMenu of={tab}>
      {isPreview && <ContextItem onSelect={() => desk.keepOpen(id)}>Keep open</ContextItem>}
      <ContextItem
        {...(isActive ? { shortcut: keysShown('alt+w', desk.mac) } : {})}
        onSelect={() => desk.closeTab(id)}
      >
        Close
      </ContextItem>
      <ContextItem disabled={tabs.open.length < 2} onSelect={() => desk.closeOthers(id)}>
        Close the others
      </ContextItem>
    </ContextMenu>
  );
}
