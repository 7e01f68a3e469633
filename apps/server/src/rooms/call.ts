// Who is in one room's call, and what they say to one another to find a way. None of it is kept, and none is logged.
import {
  type CallMedia,
  type CallMember,
  type CallReply,
  type CallRequest,
  type CallState,
  type ClientId,
  type IncomingSignal,
  LIMITS,
  NOBODY_CALLS,
  type OutgoingSignal,
  type ParticipantId,
  type RefusalCode,
  type Role,
  refusal,
  type SignalReply,
} from '@codesync/protocol';
import type { Clock, Relays } from '../ports.ts';
import type { Seat } from './seat.ts';

/** Everyone in the room is told of changes at most this often: one client may ask for many of them. */
const BATCH_MS = 50;

export type RoomCallDeps = {
  readonly clock: Clock;
  readonly relays: Relays;
  /** The role of a participant in the room as it is folded; null for none. */
  readonly roleOf: (participant: ParticipantId) => Role | null;
  /** The seat of a client that is in the room. */
  readonly seatOf: (client: ClientId) => Seat | null;
  /** Tells everyone in the room. */
  readonly tell: (state: CallState) => void;
  readonly signal: (seat: Seat, signal: IncomingSignal) => void;
};

const refused = (code: RefusalCode) => ({ ok: false, error: refusal(code) }) as const;

export class RoomCall {
  readonly #deps: RoomCallDeps;
  /** In the order in which they came. */
  readonly #members = new Map<ClientId, CallMember>();
  /** Calls off the end of a place whose client has no seat. */
  readonly #holding = new Map<ClientId, () => void>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #callOffTelling: (() => void) | null = null;

  constructor(deps: RoomCallDeps) {
    this.#deps = deps;
  }

  get state(): CallState {
    return this.#members.size === 0 ? NOBODY_CALLS : { members: [...this.#members.values()] };
  }

  /** What a client that is in the room asks for. */
  ask(seat: Seat, request: CallRequest): CallReply {
    switch (request.ask) {
      case 'join':
        return this.#join(seat, request);
      case 'leave':
        this.#drop(seat.client);
        return { ok: true, ice: null };
      case 'set':
        return this.#set(seat, request.media);
      case 'mute':
        return this.#mute(seat, request.client);
      case 'renew':
        return this.#members.has(seat.client) ? this.#served(seat) : refused('call.notIn');
    }
  }

  /** Hands a signal on, if both are in this call, and the other one still is by the stay that it is meant for. */
  signal(seat: Seat, { to, session, generation, signal }: OutgoingSignal): SignalReply {
    const from = this.#members.get(seat.client);
    if (from === undefined) return refused('call.notIn');
    const other = this.#deps.seatOf(to);
    if (other === null || to === seat.client || this.#members.get(to)?.session !== session) {
      return refused('call.gone');
    }
    this.#deps.signal(other, { from: seat.client, session: from.session, generation, signal });
    return { ok: true };
  }

  /** The client has a seat, perhaps again. */
  entered(client: ClientId): void {
    this.#holding.get(client)?.();
    this.#holding.delete(client);
  }

  /** The client has no seat any more. Its media may outlive that, so its place waits for it. */
  left(client: ClientId): void {
    if (!this.#members.has(client)) return;
    this.#holding.get(client)?.();
    const callOff = this.#deps.clock.after(LIMITS.callGraceMs, () => this.#drop(client));
    this.#holding.set(client, callOff);
  }

  /** The participant is no member any more. */
  removed(participant: ParticipantId): void {
    for (const member of this.#ofParticipant(participant)) this.#drop(member.client);
  }

  /** Calls nobody any more. */
  close(): void {
    this.#callOffTelling?.();
    for (const callOff of this.#holding.values()) callOff();
    this.#holding.clear();
    this.#members.clear();
  }

  #join(seat: Seat, { session, media }: Extract<CallRequest, { ask: 'join' }>): CallReply {
    const { client, participant } = seat;
    const before = this.#members.get(client);
    if (before?.session === session) return this.#served(seat);
    // A person is in a call once: in two tabs, they would hear themselves.
    const others = [...this.#members.values()].filter((member) => member.participant !== participant.id);
    if (others.length >= LIMITS.callMembers) return refused('call.full');
    if (showsVideo(media) && others.filter(showsVideo).length >= LIMITS.callVideos) {
      return refused('call.videos');
    }
    for (const member of this.#ofParticipant(participant.id)) this.#forget(member.client);
    this.#members.set(client, {
      client,
      participant: participant.id,
      session,
      ...media,
      joinedAt: this.#deps.clock.now(),
      mutedBy: null,
    });
    this.#tellSoon();
    return this.#served(seat);
  }

  #set({ client }: Seat, media: Extract<CallRequest, { ask: 'set' }>['media']): CallReply {
    const member = this.#members.get(client);
    if (member === undefined) return refused('call.notIn');
    const { microphone = member.microphone, camera = member.camera, screen = member.screen } = media;
    const mutedBy = media.microphone === true ? null : member.mutedBy;
    const next: CallMember = { ...member, microphone, camera, screen, mutedBy };
    const others = [...this.#members.values()].filter((other) => other !== member && showsVideo(other));
    if (showsVideo(next) && !showsVideo(member) && others.length >= LIMITS.callVideos) {
      return refused('call.videos');
    }
    this.#change(next);
    return { ok: true, ice: null };
  }

  #mute({ client, participant }: Seat, whom: ClientId): CallReply {
    if (this.#deps.roleOf(participant.id) !== 'host') return refused('role.host');
    if (!this.#members.has(client)) return refused('call.notIn');
    const member = this.#members.get(whom);
    if (member === undefined) return refused('call.gone');
    if (member.microphone) this.#change({ ...member, microphone: false, mutedBy: participant.id });
    return { ok: true, ice: null };
  }

  #served({ participant }: Seat): CallReply {
    return { ok: true, ice: this.#deps.relays.serversFor(participant.id) };
  }

  #change(member: CallMember): void {
    this.#members.set(member.client, member);
    this.#tellSoon();
  }

  #drop(client: ClientId): void {
    if (this.#forget(client)) this.#tellSoon();
  }

  #forget(client: ClientId): boolean {
    this.entered(client);
    return this.#members.delete(client);
  }

  #ofParticipant(participant: ParticipantId): CallMember[] {
    return [...this.#members.values()].filter((member) => member.participant === participant);
  }

  #tellSoon(): void {
    if (this.#callOffTelling !== null) return;
    const { clock } = this.#deps;
    const wait = Math.min(BATCH_MS, this.#toldAt + BATCH_MS - clock.now());
    if (wait <= 0) this.#tell();
    else
      this.#callOffTelling = clock.after(wait, () => {
        this.#callOffTelling = null;
        this.#tell();
      });
  }

  #tell(): void {
    this.#toldAt = this.#deps.clock.now();
    this.#deps.tell(this.state);
  }
}

function showsVideo({ camera, screen }: CallMedia): boolean {
  return camera || screen;
}
