import type { FileId, Member, ParticipantId } from '@codesync/protocol';
import { type FileEntry, type RoomState, sortedFiles } from '@codesync/room';
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useMemo, useState } from 'react';
import { useLetters, useRoom } from '../../desk/room.tsx';
import type { RoomView } from '../../room-source/types.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { FileIcon } from './FileIcon.tsx';
import { folderOf, type TreeRow, treeRows } from './tree.ts';

export type FileRow = Extract<TreeRow, { kind: 'file' }>;

/** What can be done with a file of the tree, for whoever may. */
export type FileTreeActs = {
  readonly rename: (file: FileId) => void;
  readonly remove: (file: FileEntry) => void;
  /** Buttons at the end of a file's row. */
  readonly more: (row: FileRow) => ReactNode;
};

type FileTreeProps = {
  /** The file that is seen. */
  active: FileId | null;
  onOpen: (file: FileId) => void;
  /** Null: the tree is only read. */
  acts: FileTreeActs | null;
  /** Stands in the place of a file's row, where it gives something. */
  instead?: (row: FileRow) => ReactNode;
  /** What scrolls, and holds the rows. */
  list: RefObject<HTMLDivElement | null>;
};

/** The room's files, and who is where in them. The arrow keys walk it; Enter opens, F2 renames, Delete deletes. */
export function FileTree({ active, onOpen, acts, instead, list }: FileTreeProps) {
  const room = useRoom((view) => view.room);
  const whereabouts = useRoom((view) => view.whereabouts);
  const letters = useLetters();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);

  const files = useMemo(() => sortedFiles(room.files), [room.files]);
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
  const choose = (row: TreeRow) => (row.kind === 'folder' ? toggle(row.path) : onOpen(row.file));

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
      Enter: () => choose(row),
      ' ': () => choose(row),
      F2: () => {
        if (row.kind === 'file') acts?.rename(row.file);
      },
      Delete: () => {
        if (row.kind === 'file') acts?.remove({ id: row.file, path: row.path });
      },
    };
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <div role="tree" aria-label="Files of the room">
      {rows.map(
        (row, index) =>
          (row.kind === 'file' && instead?.(row)) || (
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
              onClick={() => choose(row)}
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
              {row.kind === 'file' && acts?.more(row)}
            </div>
          ),
      )}
    </div>
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

type PeopleHereProps = { people: readonly Member[]; letters: ReadonlyMap<ParticipantId, string> };

/** Up to three people who have their cursor in a file, then a count. */
function PeopleHere({ people, letters }: PeopleHereProps) {
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
