// What the page knows of a room. Every driver gives what is read. Only a room over a socket gives what it takes to
// live in it.
import type { Op } from '@codesync/ot';
import type {
  Activity,
  CallReply,
  CallRequest,
  CallState,
  ClientId,
  CommandBody,
  CommentId,
  Cursors,
  DiskState,
  FileId,
  FormatReply,
  FormatRequest,
  GuideReply,
  GuideRequest,
  IncomingSignal,
  Leading,
  MessageId,
  OutgoingSignal,
  Participant,
  ParticipantId,
  Point,
  Refusal,
  RefusalCode,
  Role,
  RoomEvent,
  RoomId,
  RunQuestion,
  RunReply,
  SandboxStatus,
  ServerStatusReply,
  Span,
  StorageState,
  Stretch,
  Summons,
  TerminalId,
  TerminalScreen,
  TerminalSize,
  TerminalState,
  Way,
} from '@codesync/protocol';
import type { PersonActivity, Range, RoomState, Sight } from '@codesync/room';
import type { KeptWaiting } from './kept-commands.ts';
import type { Measures } from './measures.ts';
import type { Notice } from './notices.ts';
import type { PeerChannels } from './peer-channels.ts';

export type { Measures, Notice };

/**
 * The connection, as a person should be told of it. Times are Unix milliseconds.
 * `closed` is final: the reason says why and the page offers what can be done.
 */
export type Connection =
  | { readonly kind: 'joining' }
  | { readonly kind: 'online'; readonly rttMs: number | null; readonly way: Way }
  | {
      readonly kind: 'reconnecting';
      readonly since: number;
      readonly attempt: number;
      /** Why the server, which answers, does not let this client in just now. */
      readonly refused?: RefusalCode;
    }
  | { readonly kind: 'offline'; readonly since: number }
  | { readonly kind: 'outdated' }
  | { readonly kind: 'closed'; readonly error: Refusal };

/**
 * How safe what was typed is. `local`: only in this browser. `sent`: on its way to the log. `saved`: all of it is in
 * the database. `kept`: also written to the browser's storage, so that a reload does not lose it.
 */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'sent'; readonly since: number; readonly kept: boolean }
  | { readonly kind: 'local'; readonly since: number; readonly kept: boolean };

/** The cursors of somebody's tab, carried to the current local text of their file. */
export type RemoteCursors = {
  readonly client: ClientId;
  readonly participant: ParticipantId;
  readonly name: string;
  readonly hue: number;
  readonly file: FileId;
  /** The first is the main one; there is at least that. */
  readonly spans: readonly Span[];
  /** When its owner last typed there, Unix milliseconds, 0 for never: names show on that, and fade. */
  readonly typedAt: number;
  /** Its owner reads along, and cannot type. */
  readonly viewer: boolean;
};

/** An immutable picture of a room for React. It is replaced when something in it changes, never per keystroke. */
export type RoomView = {
  readonly id: RoomId;
  /** False until the first state has arrived, from the server or from this device. */
  readonly ready: boolean;
  readonly room: RoomState;
  /** Who looks at it; null: somebody who has no part in it. */
  readonly you: (Participant & { readonly role: Role }) | null;
  /** What the people do who have a client in the room other than this one; without those whose connection is lost. */
  readonly activities: ReadonlyMap<ParticipantId, PersonActivity>;
};

/** How this client's part in a room that goes on stands: what the page says of here and now. */
export type LiveStatus = {
  readonly connection: Connection;
  readonly save: SaveState;
  readonly storage: StorageState;
  readonly sandbox: SandboxStatus;
  /** What is on the disk of the room's workspace only. */
  readonly disk: DiskState;
  /** Who is in the call. */
  readonly call: CallState;
  /** The people whose connection is lost: they are still in the room, for a while. */
  readonly lost: ReadonlySet<ParticipantId>;
  /** Who asks everyone to follow; null: nobody. */
  readonly leading: Leading | null;
  /** The last time that somebody asked this client to come to a place; null: nobody did since it came. */
  readonly summons: Summons | null;
  /** How far the server's clock is ahead of this machine's, in milliseconds, less the time of the way. */
  readonly serverAheadMs: number;
  /** What this person must not miss: edits that the room did not take, with what they said. Oldest first. */
  readonly notices: readonly Notice[];
  /** What this client said in the chat and the log does not have, oldest first. It is kept on this device. */
  readonly unsent: readonly KeptWaiting[];
  /** What hosts said among themselves; empty for anyone else. It is not kept on this device. */
  readonly hostMessages: RoomState['hostMessages'];
};

/**
 * What somebody's screen shows, in the tab that they look at or were in last. `place`: what is in sight of a file, and
 * their cursor in it, in positions of `text(file)`; null when no file is in sight.
 */
export type PersonScreen = {
  readonly client: ClientId;
  readonly place: (Sight & { readonly file: FileId; readonly cursor: number | null }) | null;
  readonly watching: TerminalId | null;
};

/** Where a message of the chat points at, in positions of `text()` of that file. */
export type MessagePlace = Stretch & { readonly file: FileId };

/** A picture of a room that goes on. */
export type LiveView = RoomView & LiveStatus;

export type CommandResult =
  | { readonly ok: true; readonly event: RoomEvent }
  | { readonly ok: false; readonly error: Refusal };

/** The text of one file, to be shown. Positions are UTF-16. */
export interface FileReading {
  readonly file: FileId;
  readonly text: () => string;
  /** The version of the confirmed text below the pending edits. */
  readonly version: () => number;
  /**
   * Calls `listener` with each operation that changes `text()` and that no caller of `edit`, `undo` or `redo` knows of.
   * Returns the way to stop it.
   */
  readonly onRemote: (listener: (op: Op) => void) => () => void;
  /**
   * The number, from 1, that a line of a version has in `text()`. Null when the line has changed since, or when that
   * version is not known. The newest version is known, and so are those of the newest run.
   */
  readonly lineNow: (version: number, line: number) => number | null;
  readonly remoteCursors: () => readonly RemoteCursors[];
  readonly onCursors: (listener: () => void) => () => void;
}

/**
 * The text of one file, to be edited: confirmed text with this client's pending edits on top. Where there are direct ways
 * to peers, `text()` also has what they typed and the log does not have. `RoomSource.text` has not: it is what is kept,
 * searched, copied into comments and compared.
 */
export interface FileDocument extends FileReading {
  /** A local edit against `text()`. `boundary` starts a new undo step; otherwise typing coalesces. */
  readonly edit: (op: Op, boundary: boolean) => void;
  /**
   * A local edit against `RoomSource.text` of the file, from elsewhere than where the file is shown. It is one undo step
   * by itself.
   */
  readonly change: (op: Op) => void;
  /** Where `text()` has text of peers that the log does not have. */
  readonly previewed: () => readonly Range[];
  /** Calls `listener` when that may be elsewhere. Returns the way to stop it. */
  readonly onPreviewed: (listener: () => void) => () => void;
  /** A range of `RoomSource.text` in `text()`, and back. */
  readonly onScreen: (range: Range) => Range;
  readonly inText: (range: Range) => Range;
  /** Takes back this author's last step: the operation to apply to the view, or null when there is none. It is already applied to `text()`. */
  readonly undo: () => Op | null;
  readonly redo: () => Op | null;
}

/** The text of a file has changed by `op`; null: it is another text. `own`: this person's hand did it. */
export type TextChange = { readonly file: FileId; readonly op: Op | null; readonly own: boolean };

/**
 * A room to be shown, with all that a page needs for it. A replay gives this much. It also gives `at` and `length`
 * (milliseconds into the recording) and `speed` (1: as it was).
 */
export interface RoomReading {
  readonly view: () => RoomView;
  /** Calls `listener` after each new view. Returns the way to stop it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** A file of the room; null when there is none. The same object for the same file. */
  readonly document: (file: FileId) => FileReading | null;
  /** Where a message of the chat points at now; null when that is not known any more. */
  readonly placeOf: (message: MessageId) => MessagePlace | null;
}

/** Where a terminal is shown. */
export interface TerminalShow {
  /** All of it, instead of what was shown before. */
  readonly screen: (screen: TerminalScreen) => void;
  readonly state: (state: TerminalState) => void;
  /**
   * What comes after that; `upTo` counts the shell's bytes up to its end. `typed` is the newest of the messages that were
   * typed here whose echo has come by then, if it has one; 0 where that is nothing new. There may be no bytes.
   */
  readonly output: (bytes: Uint8Array, upTo: number, typed: number) => void;
}

/** A terminal that is watched. */
export interface TerminalWatch {
  /**
   * Types into its shell. Returns the message's number, which counts up. Null when it waits for the first screen, and when
   * it goes nowhere, since there is no connection.
   */
  readonly type: (text: string) => number | null;
  /** What there is room for here. */
  readonly sized: (size: TerminalSize) => void;
  /** The first `upTo` bytes of the shell are drawn. */
  readonly read: (upTo: number) => void;
  readonly stop: () => void;
}

/** The way to the server for a call, beside the log. */
interface CallLine {
  /** Which client this tab is; null before that is known. */
  readonly client: () => ClientId | null;
  /** Null when the server does not answer. */
  readonly ask: (request: CallRequest) => Promise<CallReply | null>;
  /** Whether the server has handed it on. */
  readonly signal: (signal: OutgoingSignal) => Promise<boolean>;
  /** Calls `listener` with what others in the call say to this client. Returns the way to stop it. */
  readonly onSignal: (listener: (signal: IncomingSignal) => void) => () => void;
}

export type OwnCursors = Pick<Cursors, 'file' | 'spans'>;

/** A room to take part in: live, over a socket. */
export interface RoomSource extends RoomReading {
  readonly view: () => LiveView;
  readonly document: (file: FileId) => FileDocument | null;
  /**
   * The text of a file with what is pending, without what only peers have; null when there is none. Unlike `document` it
   * keeps nothing ready.
   */
  readonly text: (file: FileId) => string | null;
  /** Where the threads of comments in a file are, in positions of `text(file)`. A thread whose file is gone is nowhere. */
  readonly anchors: (file: FileId) => ReadonlyMap<CommentId, Range>;
  /**
   * A range of `text(file)` in the newest text that is in the log, and the version of that. What this client typed and the
   * log does not have lies in no place there: flush first. Null when there is no such file.
   */
  readonly logged: (file: FileId, range: Range) => (Range & { readonly version: number }) | null;
  /** Calls `listener` after each change of the text of any file. Returns the way to stop it. */
  readonly onTexts: (listener: (change: TextChange) => void) => () => void;
  /**
   * Everything but edits. Resolves when it is in the log, or refused. What is said in the chat waits for the connection.
   */
  readonly command: (body: Exclude<CommandBody, { kind: 'edit' }>) => Promise<CommandResult>;
  /** Resolves when every edit made so far is in the log; rejects with a refusal's sentence when `timeoutMs` pass. */
  readonly flush: (timeoutMs: number) => Promise<void>;
  /** How many changes this client made that are not in the log. It counts on without a new view. */
  readonly unsaved: () => number;
  /** This client's cursors, in positions of `text()` of that file, the main one first; null: in no file. */
  readonly setCursors: (cursors: OwnCursors | null) => void;
  /** What this client has in sight of a file, in positions of `text()` of that file; null: it has none in sight. */
  readonly setSight: (sight: (Sight & { readonly file: FileId }) | null) => void;
  /** What the screen of another person shows; null when nothing is heard of them. */
  readonly screenOf: (participant: ParticipantId) => PersonScreen | null;
  /** Where a place in a version of a file is in `text(file)`; null when there is no such file. */
  readonly pointOf: (place: Point) => number | null;
  /** Asks others to follow, or to come somewhere; null when the server does not answer. */
  readonly guide: (request: GuideRequest) => Promise<GuideReply | null>;
  /** The line, from 1, that the main cursor of another client is in; null when it is in none. */
  readonly lineOf: (client: ClientId) => number | null;
  /** Calls `listener` after each move of others, of their screens too, however often they move. Returns the way to stop it. */
  readonly onMoves: (listener: () => void) => () => void;
  /** What this person does besides editing; whether they are at the page is seen without it. */
  readonly setActivity: (activity: Partial<Omit<Activity, 'attention'>>) => void;
  /** Begins to show a terminal; one page shows each of them once. */
  readonly watchTerminal: (terminal: TerminalId, size: TerminalSize, show: TerminalShow) => TerminalWatch;
  /** From now on there are these direct ways to other clients, or none. */
  readonly setPeers: (channels: PeerChannels | null) => void;
  readonly call: CallLine;
  /** What was measured of late, by this page; asked for by whoever shows it. */
  readonly measures: () => Measures;
  /** What the log has of the room's runs so far; null when the server does not answer. */
  readonly pastRuns: (question: RunQuestion) => Promise<RunReply | null>;
  /** A text as the formatters of the sandbox write it; null when the server does not answer. */
  readonly format: (request: FormatRequest) => Promise<FormatReply | null>;
  /** How the server is, for hosts; null when it does not answer. */
  readonly serverStatus: () => Promise<ServerStatusReply | null>;
  /** This person has seen a notice; its text is forgotten. */
  readonly dismissNotice: (id: string) => void;
  readonly close: () => void;
}
