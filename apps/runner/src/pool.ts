/**
 * The warm pool: per key, sandboxes that wait ready. A key names what its sandboxes are alike in, such as a language.
 * All keys share the slots and the number that may run at a time. Each sandbox serves one run and is destroyed; a new
 * one is made in its place, a few at a time. When none is ready, runs wait by turns and see their place (waiting.ts).
 *
 * Knows nothing of Docker: it makes and destroys through a port and takes its time from a clock.
 */
import type { Clock, RunnerPool } from '@codesync/protocol';
import {
  FAILURES_BEFORE_GIVING_UP,
  REFILL_DELAY_MS,
  REFILL_EMPTY_MS,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
} from './limits.ts';
import type { Party } from './turns.ts';
import { type Claim, type Waiting, WaitingRuns } from './waiting.ts';

export type PoolPort<K, S> = {
  /** Makes a ready sandbox in a slot that no other uses; rejects when it cannot. */
  create(key: K, slot: number): Promise<S>;
  /** Resolves when nothing of it is left. Never rejects. */
  destroy(sandbox: S): Promise<void>;
  /** Calls `dead` when a waiting sandbox ends by itself. */
  watch(sandbox: S, dead: () => void): void;
};

export type PoolOptions<K extends string> = {
  /** How many wait ready, for every key that there is. */
  readonly warm: Readonly<Record<K, number>>;
  readonly startingAtOnce: number;
  /** The same while runs wait. */
  readonly startingForWaiting: number;
  readonly slots: number;
  /** Sandboxes that run code at the same time, over all keys. */
  readonly busy: number;
};

/** A run's place: it gets a sandbox, or is told that there is none, unless it cancels first. */
export type Ticket = { cancel(): void };

type Shelf<S> = { warm: S[]; starting: number; busy: number };

export class Pool<K extends string, S> {
  readonly #port: PoolPort<K, S>;
  readonly #options: PoolOptions<K>;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #shelves = new Map<K, Shelf<S>>();
  readonly #slots: number[];
  readonly #slotOf = new Map<S, number>();
  /** Whose code each sandbox runs that was given. */
  readonly #users = new Map<S, Party>();
  readonly #waiting = new WaitingRuns<K, S>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #making = new Set<Promise<void>>();
  #open = false;
  #failures = 0;
  #callOffRefill: (() => void) | null = null;
  /** When that is due, by the pool's clock. */
  #refillAt = 0;
  /** Rises with each close, so that what was begun before it is not taken into use after it. */
  #era = 0;

  constructor(port: PoolPort<K, S>, options: PoolOptions<K>, clock: Clock, changed: () => void) {
    this.#port = port;
    this.#options = options;
    this.#clock = clock;
    this.#changed = changed;
    this.#slots = Array.from({ length: options.slots }, (_, slot) => slot).reverse();
    for (const key in options.warm) this.#shelves.set(key, { warm: [], starting: 0, busy: 0 });
  }

  /** Begins to make sandboxes. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#failures = 0;
    this.#fill();
  }

  /** Stops making sandboxes, destroys those that wait and refuses the runs that wait, with this reason. */
  async close(reason: string): Promise<void> {
    this.#open = false;
    this.#era += 1;
    this.#callOffRefill?.();
    this.#callOffRefill = null;
    for (const shelf of this.#shelves.values())
      for (const sandbox of shelf.warm.splice(0)) this.#leave(sandbox);
    this.#waiting.refuseAll(reason);
    this.#changed();
    await Promise.all(this.#leaving);
  }

  /** After `close`: resolves when what was still being made then is gone as well. */
  async settled(): Promise<void> {
    while (this.#making.size + this.#leaving.size > 0) await Promise.all([...this.#making, ...this.#leaving]);
  }

  /** Claims a sandbox for one run of somebody's: at once when one waits, else in turn. */
  acquire(key: K, party: Party, claim: Claim<S>): Ticket {
    const shelf = this.#shelf(key);
    if (this.#open && this.#waiting.countOf(key) === 0 && this.#mayRun() && shelf.warm.length > 0) {
      this.#refillSoon(shelf.warm.length - 1);
      this.#give(shelf, party, claim);
      this.#changed();
      return { cancel: () => {} };
    }
    const waiting = this.#waiting.add(key, party, claim);
    this.#tellPositions();
    if (this.#open) this.#fill();
    this.#changed();
    return {
      cancel: () => {
        if (!this.#waiting.remove(waiting)) return;
        this.#tellPositions();
        this.#changed();
      },
    };
  }

  /** Ends the use of a sandbox that was given: it is destroyed, and its place is free once it is gone. */
  release(key: K, sandbox: S): void {
    this.#shelf(key).busy -= 1;
    this.#users.delete(sandbox);
    this.#leave(sandbox);
    if (this.#open) this.#serve();
    this.#changed();
  }

  /** Runs that wait for a sandbox, over all keys; of one network, if it is named. */
  waiting(network?: string): number {
    return this.#waiting.count(network);
  }

  counts(): Record<K, RunnerPool> {
    const counts = {} as Record<K, RunnerPool>;
    for (const [key, shelf] of this.#shelves)
      counts[key] = {
        warm: shelf.warm.length,
        wanted: this.#options.warm[key],
        starting: shelf.starting,
        busy: shelf.busy,
        queued: this.#waiting.countOf(key),
      };
    return counts;
  }

  #shelf(key: K): Shelf<S> {
    return this.#shelves.get(key)!;
  }

  #mayRun(): boolean {
    return this.#busy() < this.#options.busy;
  }

  #busy(): number {
    let sum = 0;
    for (const shelf of this.#shelves.values()) sum += shelf.busy;
    return sum;
  }

  /** Gives ready sandboxes to those who wait for them, and makes more where more are wanted. */
  #serve(): void {
    while (this.#mayRun()) {
      const next = this.#inTurn().find(({ key }) => this.#shelf(key).warm.length > 0);
      if (next === undefined) break;
      this.#waiting.remove(next);
      this.#give(this.#shelf(next.key), next, next.claim);
    }
    this.#tellPositions();
    this.#fill();
  }

  #give(shelf: Shelf<S>, { network, room }: Party, claim: Claim<S>): void {
    const sandbox = shelf.warm.shift()!;
    shelf.busy += 1;
    this.#users.set(sandbox, { network, room });
    claim.given(sandbox);
  }

  #inTurn(): readonly Waiting<K, S>[] {
    return this.#waiting.inTurn([...this.#users.values()]);
  }

  #tellPositions(): void {
    this.#waiting.tellPositions([...this.#users.values()]);
  }

  /** @param left how many are still warm */
  #refillSoon(left: number): void {
    // After a failure, what is due is the next try.
    if (this.#failures > 0) return;
    const wait = left > 0 ? REFILL_DELAY_MS : REFILL_EMPTY_MS;
    const at = this.#clock.now() + wait;
    if (this.#callOffRefill !== null && this.#refillAt <= at) return;
    this.#callOffRefill?.();
    this.#refillAt = at;
    this.#callOffRefill = this.#clock.after(wait, () => {
      this.#callOffRefill = null;
      this.#fill();
    });
  }

  #fill(): void {
    const { startingAtOnce, startingForWaiting } = this.#options;
    const atOnce = this.#waiting.count() > 0 ? startingForWaiting : startingAtOnce;
    while (this.#open && this.#failures === 0 && this.#starting() < atOnce) {
      const key = this.#neediest();
      if (key === null || this.#slots.length === 0) return;
      this.#make(key);
    }
  }

  #starting(): number {
    let sum = 0;
    for (const shelf of this.#shelves.values()) sum += shelf.starting;
    return sum;
  }

  /**
   * The key to make a sandbox of; null when none is wanted. Runs that wait come first: of those for which no sandbox is
   * coming yet, the next in turn, unless too many would run then. After them comes the key that is furthest from its
   * number.
   */
  #neediest(): K | null {
    const coming = new Map<K, number>();
    for (const [key, { warm, starting }] of this.#shelves) coming.set(key, warm.length + starting);
    let provided = this.#busy();
    let next: K | null = null;
    for (const { key } of this.#inTurn()) {
      const left = coming.get(key)!;
      if (left === 0) next ??= key;
      else {
        coming.set(key, left - 1);
        provided += 1;
      }
    }
    if (next !== null && provided < this.#options.busy) return next;
    let best: K | null = null;
    let most = 0;
    for (const [key, { warm, starting }] of this.#shelves) {
      const target = this.#options.warm[key];
      const need = target === 0 ? 0 : (target - warm.length - starting) / target;
      if (need > most) {
        most = need;
        best = key;
      }
    }
    return best;
  }

  #make(key: K): void {
    const shelf = this.#shelf(key);
    const slot = this.#slots.pop()!;
    const era = this.#era;
    shelf.starting += 1;
    const making = this.#port.create(key, slot).then(
      (sandbox) => {
        this.#making.delete(making);
        shelf.starting -= 1;
        this.#slotOf.set(sandbox, slot);
        if (era !== this.#era) {
          this.#leave(sandbox);
          return;
        }
        this.#failures = 0;
        shelf.warm.push(sandbox);
        this.#port.watch(sandbox, () => this.#died(shelf, sandbox));
        this.#serve();
        this.#changed();
      },
      (error: unknown) => {
        this.#making.delete(making);
        shelf.starting -= 1;
        this.#slots.push(slot);
        if (era === this.#era) this.#failed(error);
        this.#changed();
      },
    );
    this.#making.add(making);
  }

  #died(shelf: Shelf<S>, sandbox: S): void {
    const at = shelf.warm.indexOf(sandbox);
    if (at === -1) return;
    shelf.warm.splice(at, 1);
    this.#leave(sandbox);
    this.#refillSoon(shelf.warm.length);
    this.#changed();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_BEFORE_GIVING_UP) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#waiting.refuseAll(`No sandbox could be made: ${reason}`);
    }
    const wait = Math.min(RETRY_FIRST_MS * 2 ** (this.#failures - 1), RETRY_MAX_MS);
    this.#callOffRefill?.();
    this.#refillAt = this.#clock.now() + wait;
    this.#callOffRefill = this.#clock.after(wait, () => {
      this.#callOffRefill = null;
      // One at a time until one succeeds; the outcome of one that is under way decides as well.
      if (!this.#open || this.#starting() > 0) return;
      const key = this.#neediest();
      if (key === null || this.#slots.length === 0) this.#failures = 0;
      else this.#make(key);
    });
  }

  #leave(sandbox: S): void {
    const gone = this.#port.destroy(sandbox).then(() => {
      this.#leaving.delete(gone);
      const slot = this.#slotOf.get(sandbox);
      this.#slotOf.delete(sandbox);
      if (slot !== undefined) this.#slots.push(slot);
      this.#fill();
    });
    this.#leaving.add(gone);
  }
}
