// What can be done with the files and folders of a room.
import { type BlobHash, type CommandBody, FileId, type Refusal } from '@codesync/protocol';
import { foldersOf, isOrLiesIn, liesIn } from '@codesync/room';
import { nanoid } from 'nanoid';
import type { Desk } from '../../desk/desk.ts';
import type { CommandResult } from '../../room-source/types.ts';
import { askedOfFiles, type Naming } from './asked.ts';
import type { Deletion } from './deletions.ts';
import { folderAt, folderOf, inWords, nameOfCopy, pathIn, type TreeEntry, topmost } from './tree.ts';

type FilesCommand = Exclude<CommandBody, { kind: 'edit' }>;

/** How long a client that gave too many commands waits for the next. */
const PAUSE_MS = 500;

/** Shows the list of files with a field for a name in it. */
function name(desk: Desk, naming: Naming): void {
  desk.show('files');
  askedOfFiles(desk).setState({ naming });
}

/** Asks for the name of something new, in `folder` or else beside the file that is seen. */
export function nameNew(desk: Desk, what: TreeEntry['kind'], folder = folderSeen(desk)): void {
  name(desk, { kind: 'new', id: nanoid(), what, folder });
}

/** The folder of the file that is seen, with a slash behind it; the top has none. */
function folderSeen(desk: Desk): string {
  const active = desk.active();
  const path = active === null ? undefined : desk.view().room.files.get(active)?.path;
  return path === undefined ? '' : folderOf(path);
}

export function nameAnew(desk: Desk, entry: TreeEntry): void {
  name(desk, { kind: 'rename', entry });
}

export function askToDelete(desk: Desk, entries: readonly TreeEntry[]): void {
  askedOfFiles(desk).setState({ deleting: topmost(entries) });
}

/** Makes an empty file, and opens it. Resolves to what was wrong, or null. */
export async function createFile(desk: Desk, path: string): Promise<string | null> {
  const file = newFileId();
  const refused = await refusedBy(desk, { kind: 'file.create', file, path, text: '' });
  if (refused === null) desk.openFile(file);
  return refused;
}

/** Makes a file with a text. Resolves to what was wrong, or null. */
export function createWithText(desk: Desk, path: string, text: string): Promise<string | null> {
  return refusedBy(desk, { kind: 'file.create', file: newFileId(), path, text });
}

/** Makes a file that is no text, whose content the server has. Resolves to what was wrong, or null. */
export function createWithBlob(desk: Desk, path: string, blob: BlobHash): Promise<string | null> {
  return refusedBy(desk, { kind: 'file.upload', file: newFileId(), path, blob });
}

/** Gives a file that is no text other content, which the server has. Resolves to what was wrong, or null. */
export function replaceBlob(desk: Desk, file: FileId, blob: BlobHash): Promise<string | null> {
  return refusedBy(desk, { kind: 'file.replace', file, blob });
}

/** Makes an empty folder. Resolves to what was wrong, or null. */
export function createFolder(desk: Desk, path: string): Promise<string | null> {
  return refusedBy(desk, { kind: 'folder.create', path });
}

/** `path` or, where something has it, the first name beside it that is free. */
export function freePath(desk: Desk, path: string): string {
  const taken = takenPaths(desk);
  return taken.has(path.toLowerCase()) ? nameOfCopy(path, taken) : path;
}

/** Gives something another path. Resolves to what was wrong, or null. */
export function rename(desk: Desk, entry: TreeEntry, path: string): Promise<string | null> {
  return refusedBy(desk, moveTo(entry, path));
}

/** Moves things into a folder; what cannot be moved stays, and is told. */
export async function moveInto(desk: Desk, entries: readonly TreeEntry[], folder: string): Promise<void> {
  const moves = topmost(entries)
    .map((entry) => ({ entry, to: pathIn(folder, nameOf(entry)) }))
    .filter(({ entry, to }) => to !== entry.path);
  await inTurn(
    desk,
    moves.map(({ entry, to }) => moveTo(entry, to)),
  );
}

/** Puts copies of things into a folder, under names that are free there. */
async function copyInto(desk: Desk, entries: readonly TreeEntry[], folder: string): Promise<void> {
  await inTurn(desk, copies(desk, topmost(entries), folder));
}

/** Puts copies of things beside them. */
export async function duplicate(desk: Desk, entries: readonly TreeEntry[]): Promise<void> {
  for (const entry of topmost(entries))
    await inTurn(desk, copies(desk, [entry], folderOf(entry.path).slice(0, -1)));
}

/** Holds things, to be put into another folder by `paste`. */
export function hold(desk: Desk, how: 'move' | 'copy', entries: readonly TreeEntry[]): void {
  const taken = topmost(entries);
  askedOfFiles(desk).setState({ held: { how, entries: taken } });
  const them = taken.length === 1 ? 'it' : 'them';
  desk.tell(
    `${how === 'move' ? 'Cut' : 'Copied'} ${inWords(taken)}. Paste into a folder to ${how} ${them} there.`,
  );
}

export async function paste(desk: Desk, beside: TreeEntry): Promise<void> {
  const { held } = askedOfFiles(desk).getState();
  if (held === null) return;
  if (held.how === 'copy') return copyInto(desk, held.entries, folderAt(beside));
  askedOfFiles(desk).setState({ held: null });
  await moveInto(desk, held.entries, folderAt(beside));
}

export async function remove(desk: Desk, entries: readonly TreeEntry[]): Promise<void> {
  await inTurn(
    desk,
    entries.map((entry) =>
      entry.kind === 'file'
        ? { kind: 'file.delete', file: entry.file }
        : { kind: 'folder.delete', path: entry.path },
    ),
  );
}

/** Brings deleted things back as they were, and opens the last file among them. */
export async function restore(desk: Desk, deletions: readonly Deletion[]): Promise<void> {
  await inTurn(
    desk,
    deletions.map(({ entry }) =>
      entry.kind === 'file'
        ? { kind: 'file.restore', file: entry.file }
        : { kind: 'folder.restore', path: entry.path },
    ),
  );
  const file = deletions.flatMap(({ entry }) => (entry.kind === 'file' ? [entry.file] : [])).at(-1);
  if (file !== undefined && desk.view().room.files.has(file)) desk.openFile(file);
}

function newFileId(): FileId {
  return FileId.parse(nanoid(12));
}

function nameOf({ path }: TreeEntry): string {
  return path.slice(folderOf(path).length);
}

function moveTo(entry: TreeEntry, path: string): FilesCommand {
  return entry.kind === 'file'
    ? { kind: 'file.rename', file: entry.file, path }
    : { kind: 'folder.move', from: entry.path, to: path };
}

/** The commands that copy `entries` into a folder, with all that lies in them. */
function copies(desk: Desk, entries: readonly TreeEntry[], folder: string): FilesCommand[] {
  const { room } = desk.view();
  const files = [...room.files.values()];
  const taken = new Set(takenPaths(desk));
  return entries.flatMap((entry) => {
    const wanted = pathIn(folder, nameOf(entry));
    const path = taken.has(wanted.toLowerCase()) ? nameOfCopy(wanted, taken) : wanted;
    taken.add(path.toLowerCase());
    if (entry.kind === 'file') return copyOf(desk, entry.file, path);
    const inside = (of: string) => path + of.slice(entry.path.length);
    return [
      ...files
        .filter((file) => liesIn(file.path, entry.path))
        .flatMap((file) => copyOf(desk, file.id, inside(file.path))),
      ...[...room.emptyFolders]
        .filter((empty) => isOrLiesIn(empty, entry.path))
        .map((empty): FilesCommand => ({ kind: 'folder.create', path: inside(empty) })),
    ];
  });
}

/** The paths of all files and folders, without capitals. */
function takenPaths(desk: Desk): ReadonlySet<string> {
  const { room } = desk.view();
  const files = [...room.files.values()].map(({ path }) => path);
  return new Set([...files, ...foldersOf(room)].map((path) => path.toLowerCase()));
}

function copyOf(desk: Desk, file: FileId, path: string): FilesCommand[] {
  const entry = desk.view().room.files.get(file);
  const text = desk.source.text(file);
  if (entry === undefined || text === null) return [];
  const copy = newFileId();
  const { blob, language } = entry;
  if (blob !== null) return [{ kind: 'file.upload', file: copy, path, blob: blob.hash }];
  return [
    { kind: 'file.create', file: copy, path, text },
    ...(language === null ? [] : [{ kind: 'file.language', file: copy, language } as const]),
  ];
}

async function refusedBy(desk: Desk, command: FilesCommand): Promise<string | null> {
  const result = await patiently(desk, command);
  return result.ok ? null : result.error.message;
}

/** Gives a command; one that comes too soon after many others is given again. */
async function patiently(desk: Desk, command: FilesCommand): Promise<CommandResult> {
  for (;;) {
    const result = await desk.command(command);
    if (result.ok || result.error.code !== 'rate.exceeded') return result;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Gives commands one after the other. Tells why the first that failed did. */
async function inTurn(desk: Desk, commands: readonly FilesCommand[]): Promise<void> {
  const refused: Refusal[] = [];
  for (const command of commands) {
    const result = await patiently(desk, command);
    if (!result.ok && result.error.code !== 'file.restored') refused.push(result.error);
  }
  const [first] = refused;
  if (first === undefined) return;
  const left = refused.length === 1 ? '' : ` ${refused.length} of ${commands.length} could not be done.`;
  desk.report(`${first.message}${left}`, first.code);
}
