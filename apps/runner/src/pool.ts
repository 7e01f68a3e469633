/**
 * The warm pool: per key, sandboxes that wait ready. A key names what its sandboxes are alike in, such as a language.
 * All keys share the slots. Each key is in one share of the host: the number that may be in use at a time, and whose turn
 * it is, are a share's own. Each sandbox is used once and destroyed; a new one is made in its place, a few at a time.
 * When none is ready, those who claim one wait by turns and see their place (waiting.ts).
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
import { type Claim, type Claimant, Waiting } from './waiting.ts';

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
  /** The same while somebody waits. */
  readonly startingForWaiting: number;
  readonly slots: number;
  /** Every key is in one of them. `busy`: sandboxes in use at the same time, over the share's keys. */
  readonly shares: readonly { readonly keys: readonly K[]; readonly busy: number }[];
};

/** A place in the queue: it gets a sandbox, or is told that there is none, unless it cancels first. */
export type Ticket = { cancel(): void };

type Share<K, S> = {
  readonly busy: number;
  /** Whose code each sandbox runs that was given. */
  readonly users: Map<S, Party>;
  readonly waiting: Waiting<K, S>;
};
type Shelf<K, S> = { readonly share: Share<K, S>; warm: S[]; starting: number; busy: number };

export class Pool<K extends string, S> {
  readonly #port: PoolPort<K, S>;
  readonly #options: PoolOptions<K>;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #shelves = new Map<K, Shelf<K, S>>();
  readonly #shares: readonly Share<K, S>[];
  readonly #slots: number[];
  readonly #slotOf = new Map<S, number>();
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
    this.#shares = options.shares.map(({ keys, busy }) => {
      const share: Share<K, S> = { busy, users: new Map(), waiting: new Waiting() };
      for (const key of keys) this.#shelves.set(key, { share, warm: [], starting: 0, busy: 0 });
      return share;
    });
  }

  /** Begins to make sandboxes. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#failures = 0;
    this.#fill();
  }

  /** Stops making sandboxes, destroys those that wait and refuses whoever waits for one, with this reason. */
  async close(reason: string): Promise<void> {
    this.#open = false;
    this.#era += 1;
    this.#callOffRefill?.();
    this.#callOffRefill = null;
    for (const shelf of this.#shelves.values())
      for (const sandbox of shelf.warm.splice(0)) this.#leave(sandbox);
    for (const { waiting } of this.#shares) waiting.refuseAll(reason);
    this.#changed();
    await Promise.all(this.#leaving);
  }

  /** After `close`: resolves when what was still being made then is gone as well. */
  async settled(): Promise<void> {
    while (this.#making.size + this.#leaving.size > 0) await Promise.all([...this.#making, ...this.#leaving]);
  }

  /** Claims a sandbox for somebody: at once when one waits, else in turn. */
  acquire(key: K, party: Party, claim: Claim<S>): Ticket {
    const shelf = this.#shelf(key);
    const { share } = shelf;
    if (this.#open && share.waiting.countOf(key) === 0 && hasPlace(share) && shelf.warm.length > 0) {
      this.#refillSoon(shelf.warm.length - 1);
      this.#give(shelf, party, claim);
      this.#changed();
      return { cancel: () => {} };
    }
    const claimant = share.waiting.add(key, party, claim);
    tellPositions(share);
    if (this.#open) this.#fill();
    this.#changed();
    return {
      cancel: () => {
        if (!share.waiting.remove(claimant)) return;
        tellPositions(share);
        this.#changed();
      },
    };
  }

  /** Ends the use of a sandbox that was given: it is destroyed, and its place is free once it is gone. */
  release(key: K, sandbox: S): void {
    const shelf = this.#shelf(key);
    shelf.busy -= 1;
    shelf.share.users.delete(sandbox);
    this.#leave(sandbox);
    if (this.#open) this.#serve(shelf.share);
    this.#changed();
  }

  /** How many wait for a sandbox of the key or of another in its share; of one network, if it is named. */
  waiting(key: K, network?: string): number {
    return this.#shelf(key).share.waiting.count(network);
  }

  counts(): Record<K, RunnerPool> {
    const counts = {} as Record<K, RunnerPool>;
    for (const [key, shelf] of this.#shelves)
      counts[key] = {
        warm: shelf.warm.length,
        wanted: this.#options.warm[key],
        starting: shelf.starting,
        busy: shelf.busy,
        queued: shelf.share.waiting.countOf(key),
      };
    return counts;
  }

  #shelf(key: K): Shelf<K, S> {
    return this.#shelves.get(key)!;
  }

  /** Gives ready sandboxes to those who wait for them, and makes more where more are wanted. */
  #serve(share: Share<K, S>): void {
    while (hasPlace(share)) {
      const next = inTurn(share).find(({ key }) => this.#shelf(key).warm.length > 0);
      if (next === undefined) break;
      share.waiting.remove(next);
      this.#give(this.#shelf(next.key), next, next.claim);
    }
    tellPositions(share);
    this.#fill();
  }

  #give(shelf: Shelf<K, S>, { network, room }: Party, claim: Claim<S>): void {
    const sandbox = shelf.warm.shift()!;
    shelf.busy += 1;
    shelf.share.users.set(sandbox, { network, room });
    claim.given(sandbox);
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
    const waited = this.#shares.some(({ waiting }) => waiting.count() > 0);
    const atOnce = waited ? startingForWaiting : startingAtOnce;
    while (this.#open && this.#failures === 0 && this.#starting() < atOnce) {
      const key = this.#neediest();
      if (key === null || this.#slots.length === 0) return;
      this.#make(key);
    }
  }

  #starting(): number {
    return sum([...this.#shelves.values()].map(({ starting }) => starting));
  }

  /**
   * The key to make a sandbox of; null when none is wanted. Those who wait come first, and among the shares the one of
   * which fewest are being made. After them comes the key that is furthest from its number.
   */
  #neediest(): K | null {
    const wanted = this.#shares.flatMap((share) => this.#wantedIn(share) ?? []);
    if (wanted.length > 0) return wanted.toSorted((a, b) => a.starting - b.starting)[0]!.key;
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

  /** Of those who wait and for whom no sandbox is coming yet, the key of the next, unless too many would be in use then. */
  #wantedIn(share: Share<K, S>): { readonly key: K; readonly starting: number } | null {
    const shelves = [...this.#shelves].filter(([, shelf]) => shelf.share === share);
    const coming = new Map(shelves.map(([key, { warm, starting }]) => [key, warm.length + starting]));
    let provided = share.users.size;
    let next: K | null = null;
    for (const { key } of inTurn(share)) {
      const left = coming.get(key)!;
      if (left === 0) next ??= key;
      else {
        coming.set(key, left - 1);
        provided += 1;
      }
    }
    if (next === null || provided >= share.busy) return null;
    return { key: next, starting: sum(shelves.map(([, { starting }]) => starting)) };
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
        this.#serve(shelf.share);
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

  #died(shelf: Shelf<K, S>, sandbox: S): void {
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
      for (const { waiting } of this.#shares) waiting.refuseAll(`No sandbox could be made: ${reason}`);
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

function hasPlace<K, S>({ users, busy }: Share<K, S>): boolean {
  return users.size < busy;
}

function inTurn<K, S>({ waiting, users }: Share<K, S>): readonly Claimant<K, S>[] {
  return waiting.inTurn([...users.values()]);
}

function tellPositions<K, S>({ waiting, users }: Share<K, S>): void {
  waiting.tellPositions([...users.values()]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
