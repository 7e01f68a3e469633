// Who is where in one room: merged at once, passed on in batches, told again now and then.
import {
  type ClientId,
  JUST_HERE,
  LIMITS,
  type ParticipantId,
  type PresenceEntry,
  type PresenceUpdate,
} from '@codesync/protocol';
import { PresenceMap } from '@codesync/room';
import type { Clock } from '../ports.ts';

/**
 * News waits for more of it, since each of n people is told of what the n - 1 others do. Two people wait for nothing.
 * More wait longer each, up to BATCH_MS: below what an eye sees as lag.
 */
const BATCH_MS = 40;
const MS_PER_CLIENT = 4;

export class RoomPresence {
  readonly #map = new PresenceMap();
  readonly #clock: Clock;
  readonly #send: (entries: readonly PresenceEntry[]) => void;
  /** The clients that have a seat. */
  readonly #here = new Set<ClientId>();
  #waiting = new Map<ClientId, PresenceEntry>();
  #sentAt = Number.NEGATIVE_INFINITY;
  #callOffBatch: (() => void) | null = null;
  #callOffRefresh: (() => void) | null = null;

  /** @param send tells everyone in the room; what it tells may be lost. */
  constructor(clock: Clock, send: (entries: readonly PresenceEntry[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** The client has a seat: the others know of it before it says anything of itself. */
  arrive(client: ClientId, participant: ParticipantId): void {
    this.#here.add(client);
    const known = this.#map.get(client);
    if (known === null || known.gone) {
      const clock = known === null ? 0 : known.clock + 1;
      this.#merge({
        client,
        participant,
        clock,
        cursors: null,
        viewport: null,
        activity: JUST_HERE,
        gone: false,
      });
    }
    this.#refreshLater();
  }

  update(client: ClientId, participant: ParticipantId, update: PresenceUpdate): void {
    this.#merge({ client, participant, ...update, gone: false });
  }

  /** The client has left. Its own later updates, should it come back, have higher clocks. */
  leave(client: ClientId): void {
    this.#here.delete(client);
    const known = this.#map.get(client);
    if (known !== null)
      this.#merge({ ...known, cursors: null, viewport: null, activity: JUST_HERE, gone: true });
    this.#refreshLater();
  }

  /** What a newcomer has to know. */
  all(): PresenceEntry[] {
    this.#expire();
    return this.#map.all();
  }

  close(): void {
    this.#callOffBatch?.();
    this.#callOffRefresh?.();
  }

  #merge(entry: PresenceEntry): void {
    for (const news of this.#map.merge([entry], this.#clock.now())) this.#waiting.set(news.client, news);
    if (this.#waiting.size === 0) return;
    this.#callOffBatch ??= this.#clock.after(this.#wait(), () => {
      this.#callOffBatch = null;
      this.#flush();
    });
  }

  /** Milliseconds, from 0 to BATCH_MS, whatever the clock has done since the last batch. */
  #wait(): number {
    const gap = Math.min(BATCH_MS, MS_PER_CLIENT * Math.max(0, this.#here.size - 2));
    return Math.min(gap, Math.max(0, this.#sentAt + gap - this.#clock.now()));
  }

  #flush(): void {
    const entries = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#sentAt = this.#clock.now();
    const news = [...this.#here].some((reader) => entries.some(({ client }) => client !== reader));
    if (news) this.#send(entries);
  }

  /**
   * A page is told again who is here: it forgets those of whom it does not hear, and may have missed something. It is not
   * the clients that say so: the timers of a page that is out of sight are late by a minute.
   */
  #refreshLater(): void {
    if (this.#here.size < 2) {
      this.#callOffRefresh?.();
      this.#callOffRefresh = null;
      return;
    }
    this.#callOffRefresh ??= this.#clock.after(LIMITS.presenceRefreshMs, () => {
      this.#callOffRefresh = null;
      this.#expire();
      this.#send(this.#map.here());
      this.#refreshLater();
    });
  }

  /** Forgets who left long ago; whoever has a seat is not forgotten. */
  #expire(): void {
    const now = this.#clock.now();
    const seated = this.#map.here().filter(({ client }) => this.#here.has(client));
    this.#map.merge(seated, now);
    this.#map.expire(now, LIMITS.presenceTtlMs);
  }
}
