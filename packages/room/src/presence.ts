// Who is where: a delta-state CRDT. It is pure; the caller brings the time and carries the entries.
import type { ClientId, PresenceEntry } from '@codesync/protocol';

/**
 * A map from client to a last-writer-wins register. Only its own client writes a register, stamped by that
 * client's growing clock (a state-based LWW map with deltas: Almeida, Shoker, Baquero, "Delta state replicated
 * data types", 2018). A person has a register for each of their tabs.
 *
 * `merge` is commutative, associative and idempotent, so entries may travel by any path, in any order, twice.
 * Entries with an equal clock are ordered by content, so replicas agree even when a client breaks the rule.
 * Entries that nobody refreshes expire.
 *
 * The caller's time may go back, as a machine's does when it is set right. Only its steps forward count.
 */
export class PresenceMap {
  readonly #entries = new Map<ClientId, { entry: PresenceEntry; seenAt: number }>();
  #read: number | null = null;
  /** Milliseconds for which the caller's time went forward. */
  #elapsed = 0;

  /** Takes in entries seen at `now`. Returns those that were news: only they are worth passing on. */
  merge(entries: Iterable<PresenceEntry>, now: number): PresenceEntry[] {
    const seenAt = this.#time(now);
    const news: PresenceEntry[] = [];
    for (const entry of entries) {
      const known = this.#entries.get(entry.client);
      if (known !== undefined && !supersedes(entry, known.entry)) {
        if (entry.clock === known.entry.clock) known.seenAt = seenAt;
        continue;
      }
      this.#entries.set(entry.client, { entry, seenAt });
      news.push(entry);
    }
    return news;
  }

  /**
   * Forgets what was last seen `ttlMs` or longer before `now`. Returns the clients whose visible entry went.
   * Entries of clients that left are kept as long, so that a late message does not bring those clients back.
   */
  expire(now: number, ttlMs: number): ClientId[] {
    const time = this.#time(now);
    const gone: ClientId[] = [];
    for (const [client, { entry, seenAt }] of this.#entries) {
      if (time - seenAt < ttlMs) continue;
      this.#entries.delete(client);
      if (!entry.gone) gone.push(client);
    }
    return gone;
  }

  get(client: ClientId): PresenceEntry | null {
    return this.#entries.get(client)?.entry ?? null;
  }

  /** Everything known, tombstones too: what a newcomer has to merge. */
  all(): PresenceEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  /** The clients that are in the room. */
  here(): PresenceEntry[] {
    return this.all().filter((entry) => !entry.gone);
  }

  #time(now: number): number {
    if (this.#read !== null) this.#elapsed += Math.max(0, now - this.#read);
    this.#read = now;
    return this.#elapsed;
  }
}

function supersedes(a: PresenceEntry, b: PresenceEntry): boolean {
  if (a.clock !== b.clock) return a.clock > b.clock;
  if (a.gone !== b.gone) return a.gone;
  return orderKey(a) > orderKey(b);
}

function orderKey({ participant, cursors, viewport, activity }: PresenceEntry): string {
  const { attention, terminal, watching, following, speaking } = activity;
  const places = cursors?.spans.map(({ anchor, head }) => [anchor, head]);
  const where = cursors === null ? null : [cursors.file, cursors.version, places];
  const seen = viewport === null ? null : [viewport.file, viewport.version, viewport.from, viewport.to];
  return JSON.stringify([participant, where, seen, attention, terminal, watching, following, speaking]);
}
