// The disk of a workspace, in memory: does what the server says, as the agent in a sandbox does, and tells what a test or
// a shell does to it.
import { createHash } from 'node:crypto';
import {
  BlobHash,
  type FilesChange,
  type FilesRefusal,
  IGNORED_FOLDERS,
  LIMITS,
  WORKSPACE_FILE_LIMITS,
} from '@codesync/protocol';
import type { DiskCommand, DiskEvent } from '../../src/ports.ts';

/** `id`: what it is, wherever it is moved. `base`: see `FilesChange`. */
type DiskFile = {
  readonly kind: 'file';
  readonly id: number;
  readonly bytes: Buffer;
  readonly revision: number;
  readonly base: number;
};
type DiskNode = DiskFile | { readonly kind: 'folder'; readonly id: number };

/** What the server knows of a path. */
type Told = { readonly kind: DiskNode['kind']; readonly id: number; readonly revision: number };

type Asked = Exclude<DiskCommand, { type: 'files.seen' }>;
type Answer =
  | { readonly revision: number }
  | Pick<DiskFile, 'bytes' | 'revision' | 'base'>
  | { readonly part: Buffer };

class Refused extends Error {
  readonly reason: FilesRefusal;
  constructor(reason: FilesRefusal) {
    super(reason);
    this.reason = reason;
  }
}

/** No test has so many commands for its disk. */
const MOST_HEARD = 20_000;

export class MemoryDisk {
  /** Nothing more fits onto it. */
  full = false;
  /** Commands so far. */
  heard = 0;
  readonly #tell: (event: DiskEvent) => void;
  #nodes = new Map<string, DiskNode>();
  #told = new Map<string, Told>();
  #ids = 0;
  #revisions = 0;
  #batches = 0;
  #unseen = false;
  /** Contents that came in parts, and are not written yet. */
  readonly #staged = new Map<BlobHash, Buffer>();

  /** What it tells comes in a later microtask than what it tells of. */
  constructor(tell: (event: DiskEvent) => void) {
    this.#tell = tell;
  }

  /**
   * Carries out the command in a later microtask: a program may be faster.
   *
   * @throws Error when there is no end to them: whoever asks at each answer would keep the test's clock from moving.
   */
  hear(command: DiskCommand): void {
    if (++this.heard > MOST_HEARD) throw new Error('The disk is asked without end.');
    queueMicrotask(() => {
      if (command.type === 'files.seen') {
        if (command.batch === this.#batches) this.#unseen = false;
        this.#tellChanges();
      } else this.#answer(command);
    });
  }

  get paths(): readonly string[] {
    return [...this.#nodes].flatMap(([path, { kind }]) => (kind === 'file' ? [path] : [])).sort();
  }

  get folders(): readonly string[] {
    return [...this.#nodes].flatMap(([path, { kind }]) => (kind === 'folder' ? [path] : [])).sort();
  }

  /** Empty where no file is. */
  text(path: string): string {
    return this.#file(path)?.bytes.toString() ?? '';
  }

  /** What is in a file; undefined where none is. */
  bytes(path: string): Buffer | undefined {
    return this.#file(path)?.bytes;
  }

  /** A program writes a file. `base`: the revision that it has read; the one that is there unless told otherwise. */
  put(path: string, content: string | Uint8Array, base = this.#file(path)?.revision ?? 0): void {
    this.makeFolder(folderOf(path));
    const id = this.#nodes.get(path)?.id ?? ++this.#ids;
    this.#nodes.set(path, {
      kind: 'file',
      id,
      bytes: Buffer.from(content),
      revision: ++this.#revisions,
      base,
    });
    this.#changed();
  }

  /** A program makes a folder, and those that it lies in. */
  makeFolder(path: string): void {
    this.#makeFolders(path);
    this.#changed();
  }

  /** A program moves what is there. A file that is at `to` is replaced, and a folder there takes it. */
  move(from: string, to: string): void {
    if (this.#nodes.get(to)?.kind === 'folder') {
      this.move(from, `${to}/${from.split('/').at(-1)}`);
      return;
    }
    this.makeFolder(folderOf(to));
    const [file, replaced] = [this.#file(from), this.#file(to)];
    if (file !== undefined && replaced !== undefined) {
      this.put(to, file.bytes);
      this.remove(from);
      return;
    }
    this.#nodes = carried(this.#nodes, from, to);
    this.#changed();
  }

  /** A program removes what is there, and all in it. */
  remove(path: string): void {
    for (const each of within(this.#nodes, path)) this.#nodes.delete(each);
    this.#changed();
  }

  #file(path: string): DiskFile | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' ? node : undefined;
  }

  #answer(command: Asked): void {
    const { n } = command;
    try {
      const answer = this.#carryOut(command);
      if ('part' in answer) this.#tell({ type: 'files.bytes', n, data: answer.part.toString('base64') });
      else if (!('bytes' in answer)) this.#tell({ type: 'files.done', n, revision: answer.revision });
      else {
        const { revision, base, bytes } = answer;
        if (isText(bytes)) this.#tell({ type: 'files.text', n, revision, base, text: bytes.toString() });
        else {
          const hash = BlobHash.parse(createHash('sha256').update(bytes).digest('hex'));
          this.#tell({ type: 'files.binary', n, revision, base, bytes: bytes.length, hash });
        }
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#tell({ type: 'files.refused', n, reason: error.reason, detail: error.message });
    }
  }

  #carryOut(command: Asked): Answer {
    switch (command.type) {
      case 'files.write':
        return { revision: this.#write(command) };
      case 'files.read':
        return this.#read(command.path);
      case 'files.fetch': {
        const { path, over, at, length } = command;
        const part = this.#expect(path, over)?.bytes.subarray(at, at + length);
        if (part?.length !== length) throw new Refused('stale');
        return { part };
      }
      case 'files.stage': {
        const { hash, at, data } = command;
        const before = at === 0 ? Buffer.alloc(0) : this.#staged.get(hash);
        if (this.full) throw new Refused('full');
        if (before?.length !== at) throw new Refused('failed');
        this.#staged.set(hash, Buffer.concat([before, Buffer.from(data, 'base64')]));
        break;
      }
      case 'files.remove':
        this.#expect(command.path, command.over);
        this.#nodes.delete(command.path);
        this.#told.delete(command.path);
        break;
      case 'files.folder':
        this.#makeFoldersForServer(command.path);
        break;
      case 'files.removeFolder':
        if (this.#file(command.path) !== undefined || within(this.#nodes, command.path).length > 1)
          throw new Refused('blocked');
        this.#nodes.delete(command.path);
        this.#told.delete(command.path);
        break;
      case 'files.move':
        this.#moveForServer(command.from, command.to);
    }
    return { revision: 0 };
  }

  #write({ path, over, at, remove, text, staged }: Extract<DiskCommand, { type: 'files.write' }>): number {
    const whole = staged === undefined ? null : this.#staged.get(staged);
    if (whole === undefined) throw new Refused('failed');
    if (staged !== undefined) this.#staged.delete(staged);
    const before = this.#expect(path, over)?.bytes ?? Buffer.alloc(0);
    if (this.full) throw new Refused('full');
    this.#makeFoldersForServer(folderOf(path));
    const bytes =
      whole ?? Buffer.concat([before.subarray(0, at), Buffer.from(text), before.subarray(at + remove)]);
    const [id, revision] = [++this.#ids, ++this.#revisions];
    this.#nodes.set(path, { kind: 'file', id, bytes, revision, base: over });
    this.#told.set(path, { kind: 'file', id, revision });
    return revision;
  }

  #read(path: string): DiskFile {
    const file = this.#fresh(path);
    if (file === undefined) throw new Refused('missing');
    if (file.bytes.length > WORKSPACE_FILE_LIMITS.readBytes) throw new Refused('large');
    if (this.#told.get(path)?.id === file.id) this.#told.set(path, file);
    return file;
  }

  /** The file. If something else was there when that was told, it is a revision of that. */
  #fresh(path: string): DiskFile | undefined {
    const [file, told] = [this.#file(path), this.#told.get(path)];
    if (file === undefined || told === undefined || told.id === file.id || told.kind === 'folder')
      return file;
    const fresh: DiskFile = { ...file, id: told.id, revision: ++this.#revisions, base: told.revision };
    this.#nodes.set(path, fresh);
    return fresh;
  }

  /** The file that has that revision. */
  #expect(path: string, over: number): DiskFile | undefined {
    if (this.#nodes.get(path)?.kind === 'folder') throw new Refused('blocked');
    const file = this.#fresh(path);
    if ((file?.revision ?? 0) !== over) throw new Refused('stale');
    return file;
  }

  #moveForServer(from: string, to: string): void {
    if (!this.#nodes.has(from)) throw new Refused('stale');
    if (this.#nodes.has(to) || to.startsWith(`${from}/`)) throw new Refused('blocked');
    this.#makeFoldersForServer(folderOf(to));
    for (const path of within(this.#told, to)) this.#told.delete(path);
    this.#nodes = carried(this.#nodes, from, to);
    this.#told = carried(this.#told, from, to);
  }

  /** Makes the folder and those that it lies in; returns which are new. */
  #makeFolders(path: string): string[] {
    const segments = path === '' ? [] : path.split('/');
    const all = segments.map((_, at) => segments.slice(0, at + 1).join('/'));
    if (all.some((folder) => this.#file(folder) !== undefined)) throw new Refused('blocked');
    const fresh = all.filter((folder) => !this.#nodes.has(folder));
    for (const folder of fresh) this.#nodes.set(folder, { kind: 'folder', id: ++this.#ids });
    return fresh;
  }

  #makeFoldersForServer(path: string): void {
    for (const folder of this.#makeFolders(path)) {
      this.#told.set(folder, { kind: 'folder', id: this.#nodes.get(folder)!.id, revision: 0 });
    }
  }

  #changed(): void {
    queueMicrotask(() => this.#tellChanges());
  }

  /** Tells what is not as the server knows it. */
  #tellChanges(): void {
    if (this.#unseen) return;
    const changes = [...this.#moved(), ...this.#gone(), ...this.#new()].slice(
      0,
      WORKSPACE_FILE_LIMITS.changes,
    );
    if (changes.length === 0) return;
    for (const change of changes) this.#noteTold(change);
    this.#unseen = true;
    this.#tell({ type: 'files.changed', batch: ++this.#batches, changes });
  }

  #noteTold(change: FilesChange): void {
    if (change.kind === 'file' || change.kind === 'folder') {
      const node = this.#nodes.get(change.path)!;
      this.#told.set(change.path, {
        kind: node.kind,
        id: node.id,
        revision: 'revision' in node ? node.revision : 0,
      });
    }
  }

  /** Moves and what has gone are noted at once: what comes after them depends on it. */
  *#moved(): Generator<FilesChange> {
    const places = new Map([...this.#nodes].map(([path, { id }]) => [id, path]));
    for (const [from, { id }] of [...this.#told].sort(([a], [b]) => a.length - b.length)) {
      const to = places.get(id);
      if (this.#told.get(from)?.id !== id || to === undefined || to === from || this.#told.has(to)) continue;
      if (this.#nodes.has(from) || this.#ignores(to)) continue;
      this.#told = carried(this.#told, from, to);
      yield { kind: 'moved', from, to };
    }
  }

  *#gone(): Generator<FilesChange> {
    for (const [path, { kind }] of [...this.#told].sort(([a], [b]) => a.length - b.length)) {
      if (!this.#told.has(path) || this.#nodes.get(path)?.kind === kind) continue;
      for (const each of within(this.#told, path)) this.#told.delete(each);
      yield { kind: 'gone', path };
    }
  }

  *#new(): Generator<FilesChange> {
    for (const [path, node] of [...this.#nodes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const told = this.#told.get(path);
      if (told === undefined && this.#ignores(path)) continue;
      if (node.kind === 'folder') {
        if (told === undefined) yield { kind: 'folder', path };
        else this.#told.set(path, { ...told, id: node.id });
        continue;
      }
      const { revision, base, bytes } = this.#fresh(path)!;
      if (told?.revision !== revision) yield { kind: 'file', path, revision, base, size: bytes.length };
    }
  }

  #ignores(path: string): boolean {
    return path.split('/').some((segment) => IGNORED_FOLDERS.includes(segment));
  }
}

/** Whether a room can have it as a text. */
function isText(bytes: Buffer): boolean {
  const text = bytes.toString();
  return !bytes.includes(0) && Buffer.from(text).equals(bytes) && text.length <= LIMITS.fileUnits;
}

/** Empty for the workspace itself. */
function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/** What is at the path, and all in it: a folder before what lies in it. */
function within(tree: ReadonlyMap<string, unknown>, path: string): string[] {
  return [...tree.keys()].filter((each) => each === path || each.startsWith(`${path}/`)).sort();
}

/** What was at `from` and in it is at `to`. */
function carried<Value>(tree: ReadonlyMap<string, Value>, from: string, to: string): Map<string, Value> {
  const moved = new Set(within(tree, from));
  return new Map(
    [...tree].map(([path, value]) => [moved.has(path) ? to + path.slice(from.length) : path, value] as const),
  );
}
