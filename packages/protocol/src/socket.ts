import type { Op } from '@codesync/ot';
import { z } from 'zod';
import type {
  CallReply,
  CallRequest,
  CallState,
  IncomingSignal,
  OutgoingSignal,
  SignalReply,
} from './call.ts';
import type { Command } from './commands.ts';
import type { HashCheck, HashVerdict } from './edits.ts';
import type { Refusal } from './errors.ts';
import type { RoomEvent } from './events.ts';
import type { GuideReply, GuideRequest, Leading, Summons } from './following.ts';
import type { FormatReply, FormatRequest } from './formatting.ts';
import { ClientId, FileId, RoomId, Seq } from './ids.ts';
import type { ChatMessage, Keyframe } from './keyframe.ts';
import type { LogMessage } from './log-stream.ts';
import type { Participant, Role } from './participants.ts';
import type { Lost, PresenceEntry, PresenceUpdate } from './presence.ts';
import type { RunQuestion, RunReply } from './run-history.ts';
import type { SandboxStatus } from './sandbox.ts';
import type { DivergenceReport, ServerStatusReply } from './status.ts';
import type { DiskState, TerminalMessage, TerminalScreen, TerminalState } from './terminals.ts';
import { WellFormedText } from './text.ts';

/** How messages travel: over a WebSocket, or by HTTP long polling if something on the way blocks it. */
export type Way = 'websocket' | 'polling';

/** A header of every polling request: a page of another site cannot send it without asking this server first. */
export const POLLING_HEADER = 'X-CodeSync';

/** Read before anything else of a join, so that another version is told to reload instead of failing to parse. */
export const JoinVersion = z.object({ protocol: z.int() });

/**
 * Enter a room, or come back to it. Identity comes from the cookie. `secret` is a link's; a member needs none.
 * `since` is the last sequence number that this client has folded, null for none. `pending` lists the files
 * with unacknowledged edits, and the version that the edits were made for. So these files can be caught up even
 * past `since`.
 */
export const JoinRequest = z.strictObject({
  protocol: z.int(),
  room: RoomId,
  client: ClientId,
  secret: WellFormedText.max(64).nullable(),
  since: Seq.nullable(),
  pending: z.array(z.strictObject({ file: FileId, version: z.int().min(0) })).max(1000),
});
export type JoinRequest = z.infer<typeof JoinRequest>;

/**
 * What leads from an old version of a file to the newest: operations in order, each making `version`. Runs of
 * other people's edits come composed. A step with `clientSeq` is this client's own edit, now in the log.
 */
export type CatchUp = {
  readonly file: FileId;
  readonly steps: readonly { readonly version: number; readonly op: Op; readonly clientSeq?: number }[];
};

export type Welcome = {
  readonly you: Participant & { readonly role: Role };
  readonly head: number;
  /** The highest `clientSeq` of this client in the log, 0 for none: number new commands from the next one. */
  readonly lastClientSeq: number;
  readonly state:
    | { readonly kind: 'events'; readonly events: readonly RoomEvent[] }
    | {
        readonly kind: 'keyframe';
        readonly keyframe: Keyframe;
        readonly catchUps: readonly CatchUp[];
        /**
         * So many messages `texts` follow, with texts that the keyframe has as empty. The client's parser puts them there,
         * and holds back until then what comes after the welcome.
         */
        readonly following?: number;
      };
  readonly presence: readonly PresenceEntry[];
  readonly lost: Lost;
  readonly disk: DiskState;
  readonly leading: Leading | null;
  /** The server's clock, Unix milliseconds. */
  readonly now: number;
  readonly call: CallState;
  readonly sandbox: SandboxStatus;
  readonly storage: StorageState;
};

/** A text of a welcome's keyframe that comes after the welcome. */
export type FollowingText = { readonly file: FileId; readonly text: string };

/**
 * `stalled`: nothing can be saved just now. Commands wait, on the server and in the clients. `full`: the same,
 * because the database's disk has no space.
 */
export type StorageState = 'ok' | 'stalled' | 'full';

/**
 * What hosts said among themselves, to hosts alone, beside the log. `whole`: all of it that is kept, in the place of what
 * was known; empty for somebody who is host no more. `events`: what comes after that.
 */
export type HostTalk =
  | { readonly kind: 'whole'; readonly messages: readonly ChatMessage[] }
  | { readonly kind: 'events'; readonly events: readonly RoomEvent[] };

export type JoinReply = ({ readonly ok: true } & Welcome) | { readonly ok: false; readonly error: Refusal };

/**
 * Socket.IO events from a client, as they are sent; the parser makes a frame of a command that is an edit
 * (wire/parser.ts). Commands have no reply: their events, or `refused`, are the answer.
 */
export type ClientToServer = {
  join: (request: JoinRequest, reply: (answer: JoinReply) => void) => void;
  command: (command: Command) => void;
  presence: (update: PresenceUpdate) => void;
  check: (check: HashCheck, reply: (verdict: HashVerdict) => void) => void;
  /** Sent after a check that had to heal. */
  healed: (report: DivergenceReport) => void;
  /** How the server is; for hosts. */
  status: (reply: (answer: ServerStatusReply) => void) => void;
  /** The runs of the room so far. */
  runs: (question: RunQuestion, reply: (answer: RunReply) => void) => void;
  /** Asks for a text as its language's formatter writes it. */
  format: (request: FormatRequest, reply: (answer: FormatReply) => void) => void;
  /** Asks others to follow, or to come somewhere. */
  guide: (request: GuideRequest, reply: (answer: GuideReply) => void) => void;
  /** About a terminal, beside the commands. */
  terminal: (message: TerminalMessage) => void;
  /** Comes into the room's call, changes what is on, leaves it. */
  call: (request: CallRequest, reply: (answer: CallReply) => void) => void;
  /** From one client in the call to another one in it. It is handed on, and never kept. */
  signal: (signal: OutgoingSignal, reply: (answer: SignalReply) => void) => void;
  /** Answered at once: the round-trip time that the status bar shows. */
  rtt: (reply: () => void) => void;
};

/** Socket.IO events to a client. */
export type ServerToClient = {
  /**
   * The events of the room, to everyone in it, in order and without gaps. An author's own come back as
   * acknowledgement. Keys come as frames (log-stream.ts). `readLog` reads both.
   */
  log: (...message: LogMessage) => void;
  keys: (frame: Uint8Array) => void;
  /** Texts of the keyframe of the welcome. */
  texts: (texts: readonly FollowingText[]) => void;
  /** Events to this client alone: what it missed while it was let in, or the answer to a command sent again. */
  events: (events: readonly RoomEvent[]) => void;
  refused: (refusal: { readonly clientSeq: number | null; readonly error: Refusal }) => void;
  presence: (entries: readonly PresenceEntry[]) => void;
  /** Only the newest one counts. */
  lost: (lost: Lost) => void;
  /** Only the newest one counts. */
  disk: (disk: DiskState) => void;
  /** Who is in the call. Only the newest one counts. */
  call: (state: CallState) => void;
  /** From another client in the call. */
  signal: (signal: IncomingSignal) => void;
  sandbox: (status: SandboxStatus) => void;
  /** Who asks everyone to follow; null: nobody. Only the newest one counts. */
  leading: (leading: Leading | null) => void;
  /** Somebody asks this client to come to a place. */
  summons: (summons: Summons) => void;
  /** Before the events of the log that stand for the same. */
  hostTalk: (talk: HostTalk) => void;
  storage: (state: StorageState) => void;
  /** What a terminal's shell has written, to those who watch it: a frame (wire/terminal.ts). */
  terminal: (frame: Uint8Array) => void;
  /** Something about a terminal has changed, from the byte on that comes next. To those who watch it. */
  terminalState: (state: TerminalState) => void;
  /** All of a terminal, instead of what the client has: it was too far behind, or the shell is a new one. */
  terminalScreen: (screen: TerminalScreen) => void;
  /** This process no longer owns the room, or lost its place in the log: join again with `since`. */
  resync: () => void;
  /** The end for this client: removed, or not admitted any more. It must not come back by itself. */
  dismissed: (error: Refusal) => void;
};
