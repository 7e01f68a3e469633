// Who is where in one room: merged at once, passed on in batches.
import type { ClientId, ParticipantId, PresenceEntry, PresenceUpdate } from '@codesync/protocol';
import { LIMITS } from '@codesync/protocol';
import { PresenceMap } from '@codesync/room';
import type { Clock } from '../ports.ts';

/** Cursors move at most this often on other screens: below what an eye sees as lag, far above a frame. */
const BATCH_MS = 40;

export class RoomPresence {
  readonly #map = new PresenceMap();
  readonly #clock: Clock;
  readonly #send: (entries: readonly PresenceEntry[]) => void;
  #waiting = new Map<ClientId, PresenceEntry>();
  #callOff: (() => void) | null = null;

  constructor(clock: Clock, send: (entries: readonly PresenceEntry[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  update(client: ClientId, participant: ParticipantId, { clock, cursor }: PresenceUpdate): void {
    this.#merge({ client, participant, clock, cursor, gone: false });
  }

  /** The client has left. Its own later updates, should it come back, have higher clocks. */
  leave(client: ClientId, participant: ParticipantId): void {
    const clock = this.#map.get(client)?.clock;
    if (clock !== undefined) this.#merge({ client, participant, clock, cursor: null, gone: true });
  }

  /** What a newcomer has to know. */
  all(): PresenceEntry[] {
    this.#map.expire(this.#clock.now(), LIMITS.presenceTtlMs);
    return this.#map.all();
  }

  close(): void {
    this.#callOff?.();
  }

  #merge(entry: PresenceEntry): void {
    const news = this.#map.merge([entry], this.#clock.now());
    if (news.length === 0) return;
    this.#waiting.set(entry.client, entry);
    this.#callOff ??= this.#clock.after(BATCH_MS, () => {
      this.#callOff = null;
      const entries = [...this.#waiting.values()];
      this.#waiting = new Map();
      this.#map.expire(this.#clock.now(), LIMITS.presenceTtlMs);
      this.#send(entries);
    });
  }
}
