/**
 * What the server and the runner say to each other of the files on a workspace's disk. The transport is that of runs:
 * see runner.ts. The agent in the workspace answers; the runner hands on.
 *
 * **Revisions.** What a file on the disk holds has a revision: a number of the agent's that is never used again in that
 * workspace. Whatever changes a file gives it a new one, the server's own writes too. 0 stands for no file. The server
 * says what it changes (`over`), and the agent refuses what is not there any more (`stale`): so nothing on the disk is
 * overwritten that the server has not been told of.
 *
 * **Order.** The agent carries out the commands in their order. Each has a number, and gets exactly one answer with it
 * (`files.refused`, or that which its kind has), in that order too, unless the workspace ends first. `files.changed`
 * comes in its place between them: a file that it gives revision 9 had that before everything that follows.
 *
 * **Content that is no text** is named by its SHA-256, and travels in parts of its own: the server sends them before the
 * write that they are for, and asks for those of a file that it was told the hash of.
 *
 * **Paths** are relative to the workspace and use `/`. Those from the disk may be such as a room cannot have.
 */
import { z } from 'zod';
import { BLOB_PART_BYTES, BlobHash } from './blobs.ts';
import { WorkspaceId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

export const WORKSPACE_FILE_LIMITS = {
  /** A file of more bytes is not read: no room may have it. */
  readBytes: LIMITS.roomBytes,
  /** Changes in one `files.changed`. */
  changes: 500,
  /** What is deeper, or has a longer path, stays on the disk and is not told of. */
  pathBytes: LIMITS.pathBytes,
  pathSegments: LIMITS.pathSegments,
} as const;

/** Neither read, watched nor told of, wherever they lie, unless the room has files in them. */
export const IGNORED_FOLDERS: readonly string[] = [
  'node_modules',
  'target',
  '__pycache__',
  '.git',
  '.venv',
  'dist',
];

const workspace = WorkspaceId;
const n = z.int().min(1);
const path = z.string().min(1).max(4_096);
const revision = z.int().nonnegative();
const bytes = z.int().nonnegative();

/** Bytes in base64, of one part of a blob. */
const partData = z.base64().max(Math.ceil(BLOB_PART_BYTES / 3) * 4);

/** A part of a content that is no text, from byte `at` on. The parts of one content come in their order. */
const filesStage = z.object({
  type: z.literal('files.stage'),
  workspace,
  n,
  hash: BlobHash,
  at: bytes,
  data: partData,
});

/**
 * Replaces `remove` bytes at byte `at` of a file by `text`, or makes the file (with its folders) where `over` is 0. A
 * reader sees the file as it was or as it is now, never a part. `files.done` has its new revision.
 *
 * `staged`: the file gets that content as a whole, which is forgotten as staged, whatever becomes of the write.
 */
const filesWrite = z.object({
  type: z.literal('files.write'),
  workspace,
  n,
  path,
  over: revision,
  at: bytes,
  remove: bytes,
  text: z.string(),
  staged: BlobHash.optional(),
});

/** Removes a file. */
const filesRemove = z.object({ type: z.literal('files.remove'), workspace, n, path, over: revision });

/** Makes a folder, and those that it lies in. One that is there is left as it is. */
const filesFolder = z.object({ type: z.literal('files.folder'), workspace, n, path });

/** Removes a folder that is empty. One that is not is refused (`blocked`); one that is not there is not. */
const filesRemoveFolder = z.object({ type: z.literal('files.removeFolder'), workspace, n, path });

/**
 * Moves a file or a folder with all that lies in it, also what the server does not know. Makes the folders on the way.
 * Refused where something is at `to` (`blocked`), and where nothing is at `from` (`stale`). Revisions stay.
 */
const filesMove = z.object({ type: z.literal('files.move'), workspace, n, from: path, to: path });

/** Asks what is in a file now. `files.text` or `files.binary` is the answer. */
const filesRead = z.object({ type: z.literal('files.read'), workspace, n, path });

/** Asks for a part of what is in a file at revision `over`. `files.bytes` is the answer. */
const filesFetch = z.object({
  type: z.literal('files.fetch'),
  workspace,
  n,
  path,
  over: revision,
  at: bytes,
  length: z.int().min(0).max(BLOB_PART_BYTES),
});

/** The server has dealt with a `files.changed`. The next one comes only then. */
const filesSeen = z.object({ type: z.literal('files.seen'), workspace, batch: n });

/** What the server says of the disk. */
export const filesCommand = z.discriminatedUnion('type', [
  filesStage,
  filesWrite,
  filesRemove,
  filesFolder,
  filesRemoveFolder,
  filesMove,
  filesRead,
  filesFetch,
  filesSeen,
]);
export type FilesCommand = z.infer<typeof filesCommand>;

/** `revision`: that of the written file; 0 for all other commands. */
const filesDone = z.object({ type: z.literal('files.done'), workspace, n, revision });

/** A file that was read. `base` as in `files.changed`. */
const filesText = z.object({
  type: z.literal('files.text'),
  workspace,
  n,
  revision,
  base: revision,
  text: WellFormedText,
});

/** A file that was read, and is no text that a room may have. */
const filesBinary = z.object({
  type: z.literal('files.binary'),
  workspace,
  n,
  revision,
  base: revision,
  bytes: z.int().min(0).max(LIMITS.roomBytes),
  hash: BlobHash,
});

const filesBytes = z.object({ type: z.literal('files.bytes'), workspace, n, data: partData });

/**
 * - `stale`: the disk has something else than the command says.
 * - `blocked`: something is in the way: a file for a folder, or a folder that is not empty.
 * - `full`: the disk is full.
 * - `missing`: there is no file to be read.
 * - `large`: it has more bytes than a room may have.
 * - `failed`: anything else.
 */
export const FilesRefusal = z.enum(['stale', 'blocked', 'full', 'missing', 'large', 'failed']);
export type FilesRefusal = z.infer<typeof FilesRefusal>;

/** `detail`: a few words for the log. */
const filesRefused = z.object({
  type: z.literal('files.refused'),
  workspace,
  n,
  reason: FilesRefusal,
  detail: z.string().max(10_000),
});

/**
 * - `file`: it is new, or holds something else than before. `base` is the revision that was there when a program read it
 *   last, shortly before: what is there now may come from that one, as a formatter makes it. It is the revision
 *   before this one where nobody knows better, and 0 where there was none.
 * - `folder`: it is new.
 * - `moved`: a file or a folder, told of before, is at `to` with all in it. What in it has changed too is told of apart.
 * - `gone`: what was at `path` and told of, and all in it, is not there any more, nor anywhere else.
 */
export const FilesChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path, revision, base: revision, size: bytes }),
  z.object({ kind: z.literal('folder'), path }),
  z.object({ kind: z.literal('moved'), from: path, to: path }),
  z.object({ kind: z.literal('gone'), path }),
]);
export type FilesChange = z.infer<typeof FilesChange>;

/**
 * What programs have changed on the disk since the last one, in an order in which it can be done: a folder before what
 * lies in it. What the server's own commands did is not among it. There is one at a time: see `files.seen`. What happens
 * meanwhile is gathered, so that a file that changes all the time is told of as it is.
 */
const filesChanged = z.object({
  type: z.literal('files.changed'),
  workspace,
  batch: n,
  changes: z.array(FilesChange).min(1).max(WORKSPACE_FILE_LIMITS.changes),
});

/** What is said of a workspace's disk. */
export const filesEvent = z.discriminatedUnion('type', [
  filesDone,
  filesText,
  filesBinary,
  filesBytes,
  filesRefused,
  filesChanged,
]);
export type FilesEvent = z.infer<typeof filesEvent>;
