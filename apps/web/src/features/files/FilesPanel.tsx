import type { FileId, Member, ParticipantId } from '@codesync/protocol';
import { type FileEntry, type RoomState, sortedFiles } from '@codesync/room';
import clsx from 'clsx';
import { ChevronRight, Ellipsis, FilePlus, Pencil, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useContext, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { RoomView } from '../../room-source/types.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { FocusContext, giveBack, openerOf } from '../../ui/focus.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuItem } from '../../ui/Menu.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { FileIcon } from './FileIcon.tsx';
import { FileNameField } from './FileNameField.tsx';
import { folderOf, type TreeRow, treeRows } from './tree.ts';

/** A name being typed: of a new file, or the new one of a file. */
export type Naming =
  | { readonly kind: 'new'; readonly folder: string }
  | { readonly kind: 'rename'; readonly file: FileId };

type FilesPanelProps = {
  room: RoomState;
  whereabouts: RoomView['whereabouts'];
  /** What stands for each person. */
  letters: ReadonlyMap<ParticipantId, string>;
  active: FileId | null;
  mayEdit: boolean;
  naming: Naming | null;
  onNaming: (naming: Naming | null) => void;
  onOpen: (file: FileId) => void;
  /** Both resolve to what was wrong, or null. */
  onCreate: (path: string) => Promise<string | null>;
  onRename: (file: FileId, path: string) => Promise<string | null>;
  onDelete: (file: FileEntry) => void;
  onClose?: () => void;
};

/** The room's files as a tree that the arrow keys walk; Enter opens, F2 renames, Delete deletes. */
export function FilesPanel({
  room,
  whereabouts,
  letters,
  active,
  mayEdit,
  naming,
  onNaming,
  onOpen,
  onCreate,
  onRename,
  onDelete,
  onClose,
}: FilesPanelProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);

  const files = useMemo(() => sortedFiles(room), [room]);
  const rows = useMemo(() => treeRows(files, closed), [files, closed]);
  const people = useMemo(() => peopleByFile(room.members, whereabouts), [room.members, whereabouts]);

  const activePath = active === null ? undefined : room.files.get(active)?.path;
  const stop = rows.some((row) => row.path === cursor) ? cursor : (activePath ?? rows[0]?.path ?? null);

  const focusRow = (row: TreeRow | undefined) => {
    if (row === undefined) return;
    setCursor(row.path);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(row.path)}"]`)?.focus();
  };
  const toggle = (folder: string) => {
    const next = new Set(closed);
    if (!next.delete(folder)) next.add(folder);
    setClosed(next);
  };

  const onKey = (event: KeyboardEvent, row: TreeRow, index: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Partial<Record<string, () => void>> = {
      ArrowDown: () => focusRow(rows[index + 1]),
      ArrowUp: () => focusRow(rows[index - 1]),
      Home: () => focusRow(rows[0]),
      End: () => focusRow(rows.at(-1)),
      ArrowRight: () => {
        if (row.kind === 'folder' && !row.open) toggle(row.path);
        else if (row.kind === 'folder') focusRow(rows[index + 1]);
      },
      ArrowLeft: () => {
        if (row.kind === 'folder' && row.open) toggle(row.path);
        else
          focusRow(rows.find((other) => other.kind === 'folder' && `${other.path}/` === folderOf(row.path)));
      },
      Enter: () => (row.kind === 'folder' ? toggle(row.path) : onOpen(row.file)),
      ' ': () => (row.kind === 'folder' ? toggle(row.path) : onOpen(row.file)),
      F2: () => {
        if (mayEdit && row.kind === 'file') onNaming({ kind: 'rename', file: row.file });
      },
      Delete: () => {
        if (mayEdit && row.kind === 'file') onDelete({ id: row.file, path: row.path });
      },
    };
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const { last, home } = useContext(FocusContext);
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (naming !== null) opener.current = openerOf(last());
  }, [naming, last]);

  const stopNaming = () => {
    onNaming(null);
    requestAnimationFrame(() => {
      // The row itself gave way to the field; another stands there now.
      if (opener.current?.isConnected) giveBack(opener.current, home);
      else list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    });
  };

  return (
    <section aria-label="Files" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="Files" {...(onClose === undefined ? {} : { onClose })}>
        {mayEdit && (
          <IconButton
            label="New file"
            onClick={() =>
              onNaming({ kind: 'new', folder: activePath === undefined ? '' : folderOf(activePath) })
            }
          >
            <FilePlus size={16} strokeWidth={1.5} />
          </IconButton>
        )}
      </PanelHeader>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto pb-3">
        {naming?.kind === 'new' && (
          <FileNameField
            label="Name of the new file"
            initial={naming.folder}
            depth={0}
            onCancel={stopNaming}
            onSubmit={async (path) => {
              const problem = await onCreate(path);
              if (problem === null) onNaming(null);
              return problem;
            }}
          />
        )}
        {rows.length === 0 && naming === null && (
          <div className="px-3 pt-1">
            <p className="text-ink-3 text-xs">No files yet.</p>
            {mayEdit && (
              <Button className="mt-2" onClick={() => onNaming({ kind: 'new', folder: '' })}>
                Create a file
              </Button>
            )}
          </div>
        )}
        <div role="tree" aria-label="Files of the room">
          {rows.map((row, index) =>
            row.kind === 'file' && naming?.kind === 'rename' && naming.file === row.file ? (
              <div key={row.path} role="treeitem" aria-level={row.depth + 1} tabIndex={-1}>
                <FileNameField
                  label={`New name of ${row.path}`}
                  initial={row.path}
                  depth={row.depth}
                  onCancel={stopNaming}
                  onSubmit={async (path) => {
                    const problem = await onRename(row.file, path);
                    if (problem === null) stopNaming();
                    return problem;
                  }}
                />
              </div>
            ) : (
              <div
                key={row.path}
                role="treeitem"
                data-path={row.path}
                aria-level={row.depth + 1}
                aria-expanded={row.kind === 'folder' ? row.open : undefined}
                aria-selected={row.kind === 'file' && row.file === active}
                aria-label={rowLabel(row, people)}
                tabIndex={row.path === stop ? 0 : -1}
                onFocus={() => setCursor(row.path)}
                onKeyDown={(event) => {
                  if (event.target === event.currentTarget) onKey(event, row, index);
                }}
                onClick={() => (row.kind === 'folder' ? toggle(row.path) : onOpen(row.file))}
                className={clsx(
                  'group mx-1 flex h-7 select-none items-center gap-1.5 rounded-md pr-1 phone:h-11',
                  'focus-visible:-outline-offset-1',
                  row.kind === 'file' && row.file === active
                    ? 'bg-surface-3 text-ink-1'
                    : 'text-ink-2 hover:bg-surface-2 hover:text-ink-1',
                )}
                style={{ paddingLeft: 8 + row.depth * 12 }}
              >
                {row.kind === 'folder' ? (
                  <ChevronRight
                    aria-hidden="true"
                    size={14}
                    strokeWidth={1.5}
                    className={clsx(
                      'mx-px shrink-0 text-ink-3 transition-transform duration-120',
                      row.open && 'rotate-90',
                    )}
                  />
                ) : (
                  <FileIcon path={row.path} />
                )}
                <span className="min-w-0 flex-1 truncate">{row.name}</span>
                {row.kind === 'file' && <PeopleHere people={people.get(row.file) ?? []} letters={letters} />}
                {row.kind === 'file' && mayEdit && (
                  <Menu
                    align="end"
                    trigger={
                      <button
                        type="button"
                        tabIndex={-1}
                        aria-label={`More for ${row.path}`}
                        onClick={(event) => event.stopPropagation()}
                        className="hidden size-6 shrink-0 items-center justify-center rounded-sm text-ink-2 hover:bg-surface-3 hover:text-ink-1 focus-visible:inline-flex group-hover:inline-flex aria-expanded:inline-flex phone:inline-flex phone:size-11"
                      >
                        <Ellipsis size={14} strokeWidth={1.5} aria-hidden="true" />
                      </button>
                    }
                  >
                    <MenuItem
                      shortcut="F2"
                      icon={<Pencil size={14} strokeWidth={1.5} />}
                      onSelect={() => onNaming({ kind: 'rename', file: row.file })}
                    >
                      Rename
                    </MenuItem>
                    <MenuItem
                      danger
                      shortcut="Del"
                      icon={<Trash2 size={14} strokeWidth={1.5} />}
                      onSelect={() => onDelete({ id: row.file, path: row.path })}
                    >
                      Delete…
                    </MenuItem>
                  </Menu>
                )}
              </div>
            ),
          )}
        </div>
      </div>
    </section>
  );
}

function rowLabel(row: TreeRow, people: ReadonlyMap<FileId, readonly Member[]>): string {
  if (row.kind === 'folder') return row.name;
  const here = people.get(row.file) ?? [];
  return here.length === 0 ? row.name : `${row.name}, here: ${here.map(({ name }) => name).join(', ')}`;
}

function peopleByFile(
  members: RoomState['members'],
  whereabouts: RoomView['whereabouts'],
): ReadonlyMap<FileId, readonly Member[]> {
  const byFile = new Map<FileId, Member[]>();
  for (const [id, file] of whereabouts) {
    const member = members.get(id);
    if (member === undefined) continue;
    const there = byFile.get(file);
    if (there === undefined) byFile.set(file, [member]);
    else there.push(member);
  }
  return byFile;
}

/** Up to three people who have their cursor in a file, then a count. */
function PeopleHere({ people, letters }: { people: readonly Member[]; letters: FilesPanelProps['letters'] }) {
  if (people.length === 0) return null;
  return (
    <span className="flex shrink-0 items-center gap-0.5" title={people.map(({ name }) => name).join(', ')}>
      {people.slice(0, 3).map((person) => (
        <Avatar
          key={person.id}
          name={person.name}
          letters={letters.get(person.id)}
          hue={person.hue}
          size="xs"
        />
      ))}
      {people.length > 3 && <span className="text-2xs text-ink-3">+{people.length - 3}</span>}
    </span>
  );
}
