// A room of this process behind its handle.
import type {
  BlobHash,
  CallReply,
  CallRequest,
  CommandKind,
  DivergenceReport,
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
  SignalReply,
  TerminalMessage,
} from '@codesync/protocol';
import type { Invited } from '@codesync/room';
import type { LinkSecrets } from './link-secrets.ts';
import type { Room } from './room.ts';
import type { JoinWish, RoomFigures, RoomHandle, RunsTold } from './room-handle.ts';
import type { Seat } from './seat.ts';
import type { MeasuredCommand } from './text-units.ts';

export class LocalRoom implements RoomHandle {
  readonly id: RoomId;
  readonly #room: Room;
  readonly #secrets: LinkSecrets;

  constructor(room: Room, secrets: LinkSecrets) {
    this.id = room.id;
    this.#room = room;
    this.#secrets = secrets;
  }

  join(seat: Seat, { secret, since, pending }: JoinWish): Promise<Refusal | null> {
    const claim = this.#secrets.claim(this.id, this.#room.links, secret);
    return this.#room.join(seat, { claim, since, pending });
  }

  leave(seat: Seat): void {
    this.#room.leave(seat);
  }

  command(seat: Seat, command: MeasuredCommand): void {
    this.#room.command(seat, command);
  }

  terminal(seat: Seat, message: TerminalMessage): void {
    this.#room.terminal(seat, message);
  }

  presence(seat: Seat, update: PresenceUpdate): void {
    this.#room.presence(seat, update);
  }

  async guide(seat: Seat, request: GuideRequest): Promise<Refusal | null> {
    return this.#room.guide(seat, request);
  }

  async call(seat: Seat, request: CallRequest): Promise<CallReply> {
    return this.#room.call(seat, request);
  }

  async signal(seat: Seat, signal: OutgoingSignal): Promise<SignalReply> {
    return this.#room.signal(seat, signal);
  }

  hear(seat: Seat, heard: boolean): void {
    this.#room.hear(seat, heard);
  }

  async check(seat: Seat, check: HashCheck): Promise<HashVerdict> {
    return this.#room.check(seat, check);
  }

  async healed(seat: Seat, report: DivergenceReport): Promise<boolean> {
    return this.#room.healed(seat, report);
  }

  runs(seat: Seat, question: RunQuestion): Promise<RunsTold> {
    return this.#room.runs(seat, question);
  }

  async may(seat: Seat, kind: CommandKind): Promise<boolean> {
    return this.#room.may(seat, kind);
  }

  async invitation(secret: string | null): Promise<Invited> {
    return this.#room.invitation(this.#secrets.claim(this.id, this.#room.links, secret));
  }

  async role(participant: ParticipantId): Promise<Role | null> {
    return this.#room.role(participant);
  }

  async blobsInUse(): Promise<readonly BlobHash[]> {
    return this.#room.blobsInUse();
  }

  async links(): Promise<Readonly<Record<LinkRole, string>>> {
    return this.#secrets.inForce(this.id, this.#room.links);
  }

  async figures(): Promise<RoomFigures> {
    return this.#room.figures;
  }
}
