// How a process keeps the rooms that it owns: a lease in the store, renewed for as long as the process lives.
import type { RoomId } from '@codesync/protocol';
import { type Acquired, type Clock, type Log, type RoomStore, StorageUnavailable } from '../ports.ts';

/** How long a silent owner keeps its rooms, and how often a live one says that it is there. */
const LEASE_MS = 10_000;
const RENEW_MS = 3_000;

/** A room that this process holds, and since which epoch. */
export type Held = { readonly id: RoomId; readonly epoch: number };

export type LeasesDeps = {
  readonly store: RoomStore;
  readonly clock: Clock;
  readonly log: Log;
  /** What this installation is called as an owner; rooms that it owned before a crash are its own at once. */
  readonly owner: string;
  readonly held: () => readonly Held[];
  /** The room belongs to another owner. */
  readonly onLost: (room: Held) => void;
  /** The leases were renewed, or could not be. */
  readonly onRenewal: () => void;
};

export class Leases {
  readonly #deps: LeasesDeps;
  #callOff: () => void = () => undefined;
  #failed = false;
  #stopped = false;

  constructor(deps: LeasesDeps) {
    this.#deps = deps;
    this.#schedule();
  }

  /** The store could not be reached for the last renewal, and nothing else has reached it since. */
  get failed(): boolean {
    return this.#failed;
  }

  /** The store has answered. */
  answered(): void {
    this.#failed = false;
  }

  acquire(room: RoomId): Promise<Acquired> {
    return this.#deps.store.acquire(room, this.#deps.owner, LEASE_MS);
  }

  release({ id, epoch }: Held): Promise<void> {
    return this.#deps.store.release([{ room: id, epoch }]);
  }

  /** Renews nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#callOff();
  }

  #schedule(): void {
    this.#callOff = this.#deps.clock.after(RENEW_MS, () => {
      void this.#renew().finally(() => {
        if (!this.#stopped) this.#schedule();
      });
    });
  }

  async #renew(): Promise<void> {
    const { store, owner, log, held, onLost, onRenewal } = this.#deps;
    const rooms = held();
    if (rooms.length === 0) return;
    try {
      const places = rooms.map(({ id, epoch }) => ({ room: id, epoch }));
      const kept = await store.renew(owner, places, LEASE_MS);
      this.#failed = false;
      for (const room of rooms) if (!kept.has(room.id)) onLost(room);
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      if (!this.#failed) log.warn({ err: error }, 'the rooms could not be kept for longer');
      this.#failed = true;
    }
    onRenewal();
  }
}
