/**
 * The warm pool: per language, sandboxes that wait ready. Each serves one run and is destroyed; a new one is made
 * in its place, a few at a time. When none is ready, runs wait in order and see their place.
 *
 * Knows nothing of Docker: it makes and destroys through a port and takes its time from `timers`.
 */
import type { Language, RunnerPool } from '@codesync/protocol';
import {
  FAILURES_BEFORE_GIVING_UP,
  REFILL_DELAY_MS,
  REFILL_EMPTY_MS,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
} from './limits.ts';
import type { Timer, Timers } from './timers.ts';

export type PoolPort<S> = {
  /** Makes a ready sandbox in a slot that no other uses; rejects when it cannot. */
  create(language: Language, slot: number): Promise<S>;
  /** Resolves when nothing of it is left. Never rejects. */
  destroy(sandbox: S): Promise<void>;
  /** Calls `dead` when a waiting sandbox ends by itself. */
  watch(sandbox: S, dead: () => void): void;
};

export type PoolOptions = {
  readonly warm: Readonly<Record<Language, number>>;
  readonly startingAtOnce: number;
  /** The same while runs wait. */
  readonly startingForWaiting: number;
  readonly slots: number;
  /** Sandboxes that run code at the same time, over all languages. */
  readonly busy: number;
};

/** A run's place: it gets a sandbox, or is told that there is none, unless it cancels first. */
export type Ticket = { cancel(): void };

export type Claim<S> = {
  given(sandbox: S): void;
  /** Called on every change of place; 1 is next. Not called when a sandbox is given at once. */
  waiting(position: number): void;
  /** There is no sandbox to be had; a sentence for a person. */
  refused(reason: string): void;
};

/** `turn` counts claims over all languages. */
type Waiting<S> = {
  readonly language: Language;
  readonly claim: Claim<S>;
  readonly turn: number;
  position: number;
};
type Shelf<S> = { warm: S[]; starting: number; busy: number; waiting: Waiting<S>[] };

export class Pool<S> {
  readonly #port: PoolPort<S>;
  readonly #options: PoolOptions;
  readonly #timers: Timers;
  readonly #changed: () => void;
  readonly #shelves = new Map<Language, Shelf<S>>();
  readonly #slots: number[];
  readonly #slotOf = new Map<S, number>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #making = new Set<Promise<void>>();
  #turns = 0;
  #open = false;
  #failures = 0;
  #refill: Timer | null = null;
  /** When that is due, by the clock of `timers`. */
  #refillAt = 0;
  /** Rises with each close, so that what was begun before it is not taken into use after it. */
  #era = 0;

  constructor(port: PoolPort<S>, options: PoolOptions, timers: Timers, changed: () => void) {
    this.#port = port;
    this.#options = options;
    this.#timers = timers;
    this.#changed = changed;
    this.#slots = Array.from({ length: options.slots }, (_, slot) => slot).reverse();
    for (const language of Object.keys(options.warm) as Language[])
      this.#shelves.set(language, { warm: [], starting: 0, busy: 0, waiting: [] });
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
    this.#refill?.cancel();
    this.#refill = null;
    for (const shelf of this.#shelves.values()) {
      for (const sandbox of shelf.warm.splice(0)) this.#leave(sandbox);
      for (const waiting of shelf.waiting.splice(0)) waiting.claim.refused(reason);
    }
    this.#changed();
    await Promise.all(this.#leaving);
  }

  /** After `close`: resolves when what was still being made then is gone as well. */
  async settled(): Promise<void> {
    while (this.#making.size + this.#leaving.size > 0) await Promise.all([...this.#making, ...this.#leaving]);
  }

  /** Claims a sandbox for one run: at once when one waits, else in turn. */
  acquire(language: Language, claim: Claim<S>): Ticket {
    const shelf = this.#shelf(language);
    if (this.#open && shelf.waiting.length === 0 && this.#mayRun()) {
      const sandbox = shelf.warm.shift();
      if (sandbox !== undefined) {
        shelf.busy += 1;
        this.#refillSoon(shelf);
        claim.given(sandbox);
        this.#changed();
        return { cancel: () => {} };
      }
    }
    const waiting: Waiting<S> = { language, claim, turn: this.#turns++, position: 0 };
    shelf.waiting.push(waiting);
    this.#tellPositions();
    if (this.#open) this.#fill();
    this.#changed();
    return {
      cancel: () => {
        const at = shelf.waiting.indexOf(waiting);
        if (at === -1) return;
        shelf.waiting.splice(at, 1);
        this.#tellPositions();
        this.#changed();
      },
    };
  }

  /** Ends the use of a sandbox that was given: it is destroyed, and its place is free once it is gone. */
  release(language: Language, sandbox: S): void {
    this.#shelf(language).busy -= 1;
    this.#leave(sandbox);
    if (this.#open) this.#serve();
    this.#changed();
  }

  /** Runs that wait for a sandbox, over all languages. */
  waiting(): number {
    let sum = 0;
    for (const shelf of this.#shelves.values()) sum += shelf.waiting.length;
    return sum;
  }

  counts(): Record<Language, RunnerPool> {
    const counts = {} as Record<Language, RunnerPool>;
    for (const [language, shelf] of this.#shelves)
      counts[language] = {
        warm: shelf.warm.length,
        wanted: this.#options.warm[language],
        starting: shelf.starting,
        busy: shelf.busy,
        queued: shelf.waiting.length,
      };
    return counts;
  }

  #shelf(language: Language): Shelf<S> {
    return this.#shelves.get(language)!;
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
      const shelf = this.#firstInTurn(({ waiting, warm }) => (warm.length > 0 ? waiting[0] : undefined));
      if (shelf === null) break;
      const { claim } = shelf.waiting.shift()!;
      shelf.busy += 1;
      claim.given(shelf.warm.shift()!);
    }
    this.#tellPositions();
    this.#fill();
  }

  /** The shelf whose candidate has waited longest, whatever its language; null when there is none. */
  #firstInTurn(candidate: (shelf: Shelf<S>) => Waiting<S> | undefined): Shelf<S> | null {
    let first: Shelf<S> | null = null;
    let turn = Number.POSITIVE_INFINITY;
    for (const shelf of this.#shelves.values()) {
      const waiting = candidate(shelf);
      if (waiting === undefined || waiting.turn > turn) continue;
      first = shelf;
      turn = waiting.turn;
    }
    return first;
  }

  #tellPositions(): void {
    for (const shelf of this.#shelves.values())
      shelf.waiting.forEach((waiting, index) => {
        if (waiting.position === index + 1) return;
        waiting.position = index + 1;
        waiting.claim.waiting(index + 1);
      });
  }

  #refillSoon({ warm }: Shelf<S>): void {
    // After a failure, what is due is the next try.
    if (this.#failures > 0) return;
    const wait = warm.length > 0 ? REFILL_DELAY_MS : REFILL_EMPTY_MS;
    const at = this.#timers.now() + wait;
    if (this.#refill !== null && this.#refillAt <= at) return;
    this.#refill?.cancel();
    this.#refillAt = at;
    this.#refill = this.#timers.after(wait, () => {
      this.#refill = null;
      this.#fill();
    });
  }

  #fill(): void {
    const { startingAtOnce, startingForWaiting } = this.#options;
    const atOnce = this.waiting() > 0 ? startingForWaiting : startingAtOnce;
    while (this.#open && this.#failures === 0 && this.#starting() < atOnce) {
      const language = this.#neediest();
      if (language === null || this.#slots.length === 0) return;
      this.#make(language);
    }
  }

  #starting(): number {
    let sum = 0;
    for (const shelf of this.#shelves.values()) sum += shelf.starting;
    return sum;
  }

  /**
   * The language of the run that has waited longest and for which none is coming, if it may run when it comes; else
   * the one that is furthest from its number; null when all is well.
   */
  #neediest(): Language | null {
    let provided = this.#busy();
    for (const { waiting, warm, starting } of this.#shelves.values())
      provided += Math.min(waiting.length, warm.length + starting);
    if (provided < this.#options.busy) {
      const first = this.#firstInTurn(({ waiting, warm, starting }) => waiting[warm.length + starting]);
      for (const [language, shelf] of this.#shelves) if (shelf === first) return language;
    }
    let best: Language | null = null;
    let most = 0;
    for (const [language, { warm, starting }] of this.#shelves) {
      const target = this.#options.warm[language];
      const need = target === 0 ? 0 : (target - warm.length - starting) / target;
      if (need > most) {
        most = need;
        best = language;
      }
    }
    return best;
  }

  #make(language: Language): void {
    const shelf = this.#shelf(language);
    const slot = this.#slots.pop()!;
    const era = this.#era;
    shelf.starting += 1;
    const making = this.#port.create(language, slot).then(
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
    this.#refillSoon(shelf);
    this.#changed();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_BEFORE_GIVING_UP) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const shelf of this.#shelves.values())
        for (const waiting of shelf.waiting.splice(0))
          waiting.claim.refused(`No sandbox could be made: ${reason}`);
    }
    const wait = Math.min(RETRY_FIRST_MS * 2 ** (this.#failures - 1), RETRY_MAX_MS);
    this.#refill?.cancel();
    this.#refill = this.#timers.after(wait, () => {
      this.#refill = null;
      // One at a time until one succeeds; the outcome of one that is under way decides as well.
      if (!this.#open || this.#starting() > 0) return;
      const language = this.#neediest();
      if (language === null || this.#slots.length === 0) this.#failures = 0;
      else this.#make(language);
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
