// What a room is, without the text of its files: an immutable value that a page can compare by identity.
import type {
  DeletedFile,
  FileId,
  Language,
  LinkRole,
  Member,
  ParticipantId,
  Run,
  RunId,
  WorkFolder,
} from '@codesync/protocol';

export type FileEntry = { readonly id: FileId; readonly path: string };

/**
 * Everything about a room that changes rarely. A change makes a new object along the changed path and leaves
 * the rest as it was. The text and version of files change with every keystroke and live in `RoomFold`.
 */
export type RoomState = {
  readonly name: string;
  readonly language: Language;
  readonly createdAt: number;
  /** Closed to newcomers. */
  readonly locked: boolean;
  /** The file that Run starts for everyone; null: what they have open. It may be gone, and come back. */
  readonly entry: FileId | null;
  /** Where programs stand as they start. */
  readonly workFolder: WorkFolder;
  /** The generation of each link: the older ones are revoked. */
  readonly links: Readonly<Record<LinkRole, number>>;
  /** In the order in which they first joined; people who left or were removed stay, with their names. */
  readonly members: ReadonlyMap<ParticipantId, Member>;
  readonly files: ReadonlyMap<FileId, FileEntry>;
  /** Files that can be brought back, the last deleted last. */
  readonly deleted: ReadonlyMap<FileId, DeletedFile>;
  /** Oldest first, at most `LIMITS.runsKept`, and every run that has not ended. */
  readonly runs: ReadonlyMap<RunId, Run>;
};

export const EMPTY_ROOM: RoomState = {
  name: '',
  language: 'python',
  createdAt: 0,
  locked: false,
  entry: null,
  workFolder: 'room',
  links: { editor: 1, viewer: 1 },
  members: new Map(),
  files: new Map(),
  deleted: new Map(),
  runs: new Map(),
};

/** `map` with `key` set to `value`: a copy, in the same order, a new key last. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** `map` without `key`. */
export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** Files in the order in which people expect them: folders first, then by name. */
export function sortedFiles(state: RoomState): readonly FileEntry[] {
  return [...state.files.values()].sort((a, b) => comparePaths(a.path, b.path));
}

function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const leftIsFile = i === left.length - 1;
    const rightIsFile = i === right.length - 1;
    if (leftIsFile !== rightIsFile) return leftIsFile ? 1 : -1;
    const l = left[i]!;
    const r = right[i]!;
    if (l !== r) return l < r ? -1 : 1;
  }
  return left.length - right.length;
}
