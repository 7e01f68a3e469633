/**
 * What the rooms need from the outside. Storage and the runner implement these, and the rooms and the edges know
 * nothing else of them. Each port has its simplest implementation and one contract suite in test/support.
 */
import type {
  BlobHash,
  BlobRef,
  ClientId,
  Clock,
  FileId,
  FilesCommand,
  FilesEvent,
  HashVerdict,
  IceServers,
  Keyframe,
  Language,
  ParticipantId,
  RefusalCode,
  RoomEvent,
  RoomId,
  RunEnd,
  RunEndReason,
  RunId,
  RunnerFile,
  RunPhase,
  RunWords,
  SandboxFacts,
  SandboxStatus,
  ShellEnd,
  TerminalSize,
  WorkFolder,
  WorkspaceId,
} from '@codesync/protocol';

export type { Clock };

/** Structured log lines. Never the text that people type, never a secret. */
export type Log = Readonly<
  Record<
    'debug' | 'info' | 'warn' | 'error',
    (fields: Readonly<Record<string, unknown>>, message: string) => void
  >
>;

/** Events of one room that are to follow `head` under `epoch`; not empty, dense from `head + 1`. */
export type Batch = {
  readonly room: RoomId;
  readonly epoch: number;
  readonly head: number;
  readonly events: readonly RoomEvent[];
};

export type Acquired =
  | { readonly kind: 'acquired'; readonly epoch: number; readonly head: number }
  /** Another owner's lease has not run out. */
  | { readonly kind: 'held' }
  | { readonly kind: 'unknown' };

/** The place of a room in its log, as the store has it. */
export type Place = { readonly head: number; readonly epoch: number };

export type LastCommand = { readonly participant: ParticipantId; readonly clientSeq: number };

export type StoredKeyframe = { readonly seq: number; readonly keyframe: Keyframe };

/**
 * Nothing can be read or written just now, or nobody knows whether the last write happened. Try later, and look at the
 * room's place first.
 */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
  /** The store says that its disk is full. */
  readonly full: boolean;

  constructor(
    message: string,
    { full = false, ...options }: ErrorOptions & { readonly full?: boolean } = {},
  ) {
    super(message, options);
    this.full = full;
  }
}

/**
 * The log of every room. A method rejects with `StorageUnavailable` when the store cannot be reached, or when it lacks
 * something that its operator can give back. Any other rejection is a fault in what was asked.
 */
export type RoomStore = {
  /** Makes a room with its first events, dense from 1, owned by nobody. */
  create(room: RoomId, events: readonly RoomEvent[]): Promise<void>;
  /** Makes `owner` the room's owner for `leaseMs` and gives it a new epoch, unless another one's lease lasts. */
  acquire(room: RoomId, owner: string, leaseMs: number): Promise<Acquired>;
  /** Prolongs leases; returns the rooms that `owner` still holds under the given epochs. */
  renew(
    owner: string,
    rooms: readonly { readonly room: RoomId; readonly epoch: number }[],
    leaseMs: number,
  ): Promise<ReadonlySet<RoomId>>;
  /** Gives up rooms under the given epochs. */
  release(rooms: readonly { readonly room: RoomId; readonly epoch: number }[]): Promise<void>;
  /**
   * Compare-and-append of many rooms at once, durable when it resolves. If a room's head and epoch are as its batch
   * says, it gets all of the batch's events. Otherwise it gets none of them. Returns the rooms that were appended to.
   */
  append(batches: readonly Batch[]): Promise<ReadonlySet<RoomId>>;
  /** Where the rooms stand; unknown rooms are left out. */
  places(rooms: readonly RoomId[]): Promise<ReadonlyMap<RoomId, Place>>;
  /** Events with `after < seq <= upTo`, in order. */
  events(room: RoomId, after: number, upTo: number): Promise<readonly RoomEvent[]>;
  /** The event that a client's command became, null if it became none. */
  eventOf(room: RoomId, client: ClientId, clientSeq: number): Promise<RoomEvent | null>;
  /** Whose client it is, and the highest number among its commands in the log. Null if none is there. */
  lastOf(room: RoomId, client: ClientId): Promise<LastCommand | null>;
  /**
   * Writes a keyframe, unless there is one already. The one before it goes if it is not needed: without it, every
   * moment still has a keyframe or the log's beginning at most `LIMITS.keyframeEvents` events before it.
   */
  writeKeyframe(room: RoomId, keyframe: Keyframe): Promise<void>;
  /** The newest keyframe. */
  newestKeyframe(room: RoomId): Promise<StoredKeyframe | null>;
  /** The newest keyframe that is no newer than `seq`. */
  keyframeBefore(room: RoomId, seq: number): Promise<StoredKeyframe | null>;
  /** The starts of runs before `seq`, the newest `limit` of them, in order, and the ends of these. */
  runsBefore(room: RoomId, seq: number, limit: number): Promise<readonly RoomEvent[]>;
  /** The events of the run that was started at `seq`, in order. Empty if none was. */
  runEvents(room: RoomId, seq: number): Promise<readonly RoomEvent[]>;
  /** The seq of the newest keyframe in which the file is there and no newer than `version`; 0 for none. */
  seqBefore(room: RoomId, file: FileId, version: number): Promise<number>;
};

/** What became of a part of a blob. `missing`: parts that are not there yet; with 0, the blob is whole. */
export type BlobPut =
  | { readonly kind: 'taken'; readonly missing: number }
  /** The parts are not what the hash says. They were thrown away. */
  | { readonly kind: 'damaged' }
  /** The room has as much as it may. */
  | { readonly kind: 'full' };

/** The blobs of every room. A method rejects as one of `RoomStore` does. */
export type BlobStore = {
  /**
   * Takes a part in. A blob that is whole stays as it is.
   *
   * @param blob its `bytes` are those of the whole, as whoever sends it says.
   * @param body has the length that its place in the blob says.
   * @param inUse names the blobs that the room must not lose. Others are given up for want of space, the oldest first.
   */
  put(
    room: RoomId,
    blob: BlobRef,
    part: number,
    body: Buffer,
    inUse: () => Promise<readonly BlobHash[]>,
  ): Promise<BlobPut>;
  /** The length of a whole blob; null where there is none. */
  bytesOf(room: RoomId, hash: BlobHash): Promise<number | null>;
  /** The bytes of a whole blob, in parts. Throws where it is not there. */
  read(room: RoomId, blob: BlobRef): AsyncIterable<Buffer>;
};

/** The bytes of a whole blob that a room has, in parts of at most `BLOB_PART_BYTES`. Throws where it is not there. */
export type BlobReader = BlobStore['read'];

/** A program to run: all files of the room, `entry` among them by its path, and what it is given beside them. */
export type RunRequest = {
  readonly run: RunId;
  readonly room: RoomId;
  /** The network address of whoever started it. Those who wait are served by turns among networks. */
  readonly network: string;
  readonly language: Language;
  readonly entry: string;
  readonly files: readonly RunnerFile[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workFolder: WorkFolder;
};

/** What becomes of a run. `ended` comes exactly once and last. */
export type RunListener = {
  phase(phase: RunPhase): void;
  output(words: RunWords): void;
  ended(end: RunEnd): void;
};

export type Runner = {
  status(): SandboxStatus;
  /** The pool and what it is made of; null while code cannot be run. */
  facts(): SandboxFacts | null;
  /** Calls the listener with every later status. */
  onStatus(listener: (status: SandboxStatus) => void): void;
  /**
   * Always ends the run sooner or later, whatever happens to the sandbox. The program finds the bytes of the files that
   * are no text, or does not begin.
   */
  start(request: RunRequest, listener: RunListener): void;
  /** Ends a run early; unknown and ended ones are left alone. */
  stop(run: RunId): void;
  input(run: RunId, text: string, eof: boolean): void;
};

type OfOneWorkspace<Message> = Message extends unknown ? Omit<Message, 'workspace'> : never;

/** What is said to the disk of a workspace, and what it says: see `workspace-files.ts` of the protocol. */
export type DiskCommand = OfOneWorkspace<FilesCommand>;
export type DiskEvent = OfOneWorkspace<FilesEvent>;

/** What becomes of a workspace. `ended` comes exactly once and last; its terminals have ended before it. */
export type WorkspaceListener = {
  /** `queued`: all places are taken, and `position` is 1 for the next. */
  phase(phase: { readonly kind: 'queued'; readonly position: number } | { readonly kind: 'ready' }): void;
  /** Answers to what was said to its disk, and what programs have changed there, once it is ready. */
  files(event: DiskEvent): void;
  /**
   * `from`: the place of the first byte in all that this terminal's shell has written. `taken`: how many bytes of all that
   * was typed have their echo in the output up to here, if they have one. There may be no bytes.
   */
  output(terminal: number, from: number, bytes: Uint8Array, taken: number): void;
  /** A program was ended for want of memory. @param message says to a person what happened and what to do. */
  memoryFull(message: string): void;
  /** Once for each terminal that was opened; nothing of it follows. */
  terminalEnded(terminal: number, end: ShellEnd): void;
  /** @param message says to a person what happened and what to do. */
  ended(message: string): void;
};

/**
 * Places where a room's shells run. A workspace serves one room. Its terminals are numbered by whoever opens them, from
 * 1 to 65,535; a number is used once. What is unknown or over is left alone.
 */
export type Workspaces = {
  /** Always ends sooner or later, whatever happens to it. */
  open(
    request: { readonly workspace: WorkspaceId; readonly room: RoomId; readonly network: string },
    listener: WorkspaceListener,
  ): void;
  close(workspace: WorkspaceId): void;
  /** Lets shells start. To be called once, when the workspace is ready and has the files that shells are to find. */
  begin(workspace: WorkspaceId): void;
  /** For a workspace that is ready. */
  files(workspace: WorkspaceId, command: DiskCommand): void;
  /** Starts a shell, or has it started by `begin`. What is said to it waits. */
  openTerminal(workspace: WorkspaceId, terminal: number, size: TerminalSize): void;
  type(workspace: WorkspaceId, terminal: number, bytes: Uint8Array): void;
  resize(workspace: WorkspaceId, terminal: number, size: TerminalSize): void;
  /** The first `upTo` bytes of its output were taken in. A shell that is too far ahead waits. */
  read(workspace: WorkspaceId, terminal: number, upTo: number): void;
  closeTerminal(workspace: WorkspaceId, terminal: number): void;
};

export type ScreenListener = {
  /** It has drawn so many bytes, all told. */
  drawn(upTo: number): void;
  /** What a terminal says to the program that asks about it. */
  answer(text: string): void;
  /** The screen is gone. */
  lost(): void;
};

/** One terminal's screen. All its calls take effect in their order. */
export type TerminalScreenPort = {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /**
   * `screen` draws the screen in a terminal of that `size`, with so many `lines` above it at most, as it was at some
   * moment after the call: after byte `at`. `rest` had been written then too. `complete`: it has all lines above the
   * screen that are kept. Null if the screen is gone.
   */
  snapshot(lines: number): Promise<{
    readonly screen: string;
    readonly size: TerminalSize;
    readonly at: number;
    readonly rest: Uint8Array;
    readonly complete: boolean;
  } | null>;
  close(): void;
};

/** Keeps what terminals show. */
export type Screens = { open(size: TerminalSize, listener: ScreenListener): TerminalScreenPort };

/**
 * What a joining client needed: all of a room, the events that it had missed, or all of the room instead of those
 * events.
 */
export type Arrival = 'new' | 'resumed' | 'reloaded';

/** The servers by which people in a call find a way to each other. */
export type Relays = {
  /** Those that the participant may use, with credentials of their own where there have to be some. */
  serversFor(participant: ParticipantId): IceServers;
};

/**
 * Whoever watches the work from outside. Some of it is called for every keystroke: an implementation counts, and does
 * nothing else. Nothing that it is told names a room, a person or a text. Times are milliseconds.
 */
export type Observer = {
  /** Everyone in its room was told of an edit, so long after it came in. */
  edited(ms: number): void;
  /** The store has taken events, those of one statement, after so long. */
  committed(events: number, ms: number): void;
  /** The store could not be reached, or refused what it was given. */
  commitFailed(reason: 'unavailable' | 'fault'): void;
  joined(how: Arrival): void;
  /** Everyone in a room had to join again: this process lost its place in the log. */
  resynced(): void;
  refused(code: RefusalCode): void;
  checked(verdict: HashVerdict['verdict']): void;
  /** A client whose copy had diverged has the server's now. */
  healed(): void;
  /** The first output of a run, after its start. */
  spoke(language: Language, ms: number): void;
  ended(language: Language, reason: RunEndReason, wallMs: number): void;
};
