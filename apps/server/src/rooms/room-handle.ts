// All that the rest of the server knows of a room. The room may be in this process or in another one.
import type {
  BlobHash,
  CallReply,
  CallRequest,
  CommandKind,
  DivergenceReport,
  FileId,
  GuideRequest,
  HashCheck,
  HashVerdict,
  LinkRole,
  OutgoingSignal,
  ParticipantId,
  PresenceUpdate,
  Refusal,
  Role,
  RoomId,
  RunQuestion,
  RunReply,
  ServerStatus,
  SignalReply,
  TerminalMessage,
} from '@codesync/protocol';
import type { Invited } from '@codesync/room';
import type { Seat } from './seat.ts';
import type { MeasuredCommand } from './text-units.ts';

/** What a client asks for when it joins. */
export type JoinWish = {
  /** The secret of the link that it came by, null without one. */
  readonly secret: string | null;
  /** The last seq that it has, null for none. */
  readonly since: number | null;
  /** Its files with edits that the log may not have, with the version that each of them is based on. */
  readonly pending: readonly { readonly file: FileId; readonly version: number }[];
};

/** What a room tells of its runs, and the UTF-16 units that it has read and told for that. */
export type RunsTold = { readonly reply: RunReply; readonly units: number };

/** Who is connected, and what became of their copies. */
export type RoomFigures = ServerStatus['room'];

/**
 * Asks a room. Arguments and results are plain data, which JSON carries, and bytes.
 *
 * - Calls reach the room in the order in which they were made, those without a result too. A room in this process has
 *   taken up a call when the function returns.
 * - A call without a result says something; what comes of it goes by `Audience.to`, in the order of the room.
 * - A result has no place in that order: an answer may overtake a message, or be overtaken by one.
 * - Every call may come after the room has ended, and whatever the seat is by then: it is refused, or does nothing.
 * - A rejection is a fault, or `StorageUnavailable`.
 */
export type RoomHandle = {
  readonly id: RoomId;

  /** Lets a client in, or says why not. When it resolves to null, the seat's welcome was said before. */
  join(seat: Seat, wish: JoinWish): Promise<Refusal | null>;
  /** The client is no longer connected, or was not let in. To be called once for each seat that was to join. */
  leave(seat: Seat): void;
  /** Carries out a command, or refuses it. One that is in the log already is answered with its event. */
  command(seat: Seat, command: MeasuredCommand): void;
  /** Says something of a terminal beside the commands. */
  terminal(seat: Seat, message: TerminalMessage): void;
  presence(seat: Seat, update: PresenceUpdate): void;
  /** Asks others to follow or to come somewhere. Null when it is done. */
  guide(seat: Seat, request: GuideRequest): Promise<Refusal | null>;
  /** What a client asks of the call. */
  call(seat: Seat, request: CallRequest): Promise<CallReply>;
  /** Says something to another client in the call. */
  signal(seat: Seat, signal: OutgoingSignal): Promise<SignalReply>;
  /** Something was heard of a connected client again, or nothing for `LIMITS.silentMs`. */
  hear(seat: Seat, heard: boolean): void;
  check(seat: Seat, check: HashCheck): Promise<HashVerdict>;
  /** Whether a copy that had diverged has healed, as its client says. */
  healed(seat: Seat, report: DivergenceReport): Promise<boolean>;
  /** What of its runs a client asks for. */
  runs(seat: Seat, question: RunQuestion): Promise<RunsTold>;
  /** Whether the seat's participant has the role for such a command now. */
  may(seat: Seat, kind: CommandKind): Promise<boolean>;

  /** What a link tells whoever holds its secret. */
  invitation(secret: string | null): Promise<Invited>;
  /** Null for somebody who was never in the room, or was removed. */
  role(participant: ParticipantId): Promise<Role | null>;
  /** The blobs of its files, and of those that can be brought back. */
  blobsInUse(): Promise<readonly BlobHash[]>;
  /** The secrets of the links in force. */
  links(): Promise<Readonly<Record<LinkRole, string>>>;
  figures(): Promise<RoomFigures>;
};
