// What hosts say among themselves: told to hosts, and kept from all that is told to others.
import type { ChatMessage, MessageId, ParticipantId, Role, RoomEvent } from '@codesync/protocol';
import { heardByAll, hostTalkAfter, isHostTalk, keptByAll, type RoomState } from '@codesync/room';
import type { Audience } from './audience.ts';
import type { Seat, SeatMessage } from './seat.ts';

/** An audience that hears nothing of it: whatever a room says to anyone goes through here, but for `HostTalk`. */
export function withoutHostTalk(audience: Audience): Audience {
  return {
    to: (seat, message) => audience.to(seat, forAll(message)),
    events: (room, events) => audience.events(room, events.map(heardByAll)),
    presence: (room, entries) => audience.presence(room, entries),
    lost: (room, lost) => audience.lost(room, lost),
    disk: (room, disk) => audience.disk(room, disk),
    call: (room, state) => audience.call(room, state),
    resync: (room) => audience.resync(room),
  };
}

function forAll(message: SeatMessage): SeatMessage {
  if (message.kind === 'events') return { ...message, events: message.events.map(heardByAll) };
  if (message.kind !== 'welcome') return message;
  const { state } = message.welcome;
  const told =
    state.kind === 'events'
      ? { ...state, events: state.events.map(heardByAll) }
      : { ...state, keyframe: keptByAll(state.keyframe) };
  const welcome = { ...message.welcome, state: told };
  return { ...message, welcome, missed: message.missed.map(heardByAll) };
}

type Host = {
  readonly audience: Audience;
  /** All who are connected. */
  readonly seats: () => Iterable<Seat>;
  /** The role of a participant in the room as it is folded, ahead of what is durable. */
  readonly roleOf: (participant: ParticipantId) => Role | undefined;
};

/** Tells hosts what is durable of it. */
export class HostTalk {
  readonly #host: Host;
  #messages: ReadonlyMap<MessageId, ChatMessage>;
  /** Who is host in what is durable. */
  readonly #hosts: Set<ParticipantId>;

  /** @param durable the room as the log has it */
  constructor(host: Host, durable: Pick<RoomState, 'hostMessages' | 'members'>) {
    this.#host = host;
    this.#messages = durable.hostMessages;
    this.#hosts = new Set(
      [...durable.members.values()].flatMap(({ id, role, removed }) =>
        role === 'host' && !removed ? [id] : [],
      ),
    );
  }

  /** A client was let in. */
  entered(seat: Seat): void {
    if (this.#hears(seat)) this.#tellWhole(seat, [...this.#messages.values()]);
  }

  /** These are durable now, and nobody was told of them. */
  committed(events: readonly RoomEvent[]): void {
    const talk = events.filter(({ body }) => isHostTalk(body));
    for (const event of talk) this.#messages = hostTalkAfter(this.#messages, event);
    if (talk.length > 0) {
      for (const seat of this.#host.seats()) {
        if (this.#hears(seat)) {
          this.#host.audience.to(seat, { kind: 'hostTalk', talk: { kind: 'events', events: talk } });
        }
      }
    }
    for (const { body } of events) this.#follow(body);
  }

  #follow(body: RoomEvent['body']): void {
    if (body.kind === 'member.removed') this.#hosts.delete(body.participant);
    if (body.kind !== 'member.role' && body.kind !== 'member.joined') return;
    const { participant, role } = body;
    if (this.#hosts.has(participant) === (role === 'host')) return;
    if (role === 'host') this.#hosts.add(participant);
    else this.#hosts.delete(participant);
    for (const seat of this.#host.seats()) {
      if (seat.participant.id !== participant) continue;
      this.#tellWhole(seat, this.#hears(seat) ? [...this.#messages.values()] : []);
    }
  }

  #hears({ participant }: Seat): boolean {
    return this.#hosts.has(participant.id) && this.#host.roleOf(participant.id) === 'host';
  }

  #tellWhole(seat: Seat, messages: readonly ChatMessage[]): void {
    this.#host.audience.to(seat, { kind: 'hostTalk', talk: { kind: 'whole', messages } });
  }
}
