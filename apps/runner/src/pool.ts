/**
 * The warm pool: per language, sandboxes that wait ready. Each serves one run and is destroyed; a new one is made
 * in its place, a few at a time. When none is ready, runs wait by turns (see turns.ts) and see their place.
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
import { inTurn, type Party } from './turns.ts';

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

type Waiting<S> = Party & { readonly language: Language; readonly claim: Claim<S>; position: number };
type Shelf<S> = { warm: S[]; starting: number; busy: number };

export class Pool<S> {
  readonly #port: PoolPort<S>;
  readonly #options: PoolOptions;
  readonly #timers: Timers;
  readonly #changed: () => void;
  readonly #shelves = new Map<Language, Shelf<S>>();
  readonly #slots: number[];
  readonly #slotOf = new Map<S, number>();
  /** Whose code each sandbox runs that was given. */
  readonly #users = new Map<S, Party>();
  /** Over all languages, in the order of their coming. */
  readonly #waiting: Waiting<S>[] = [];
  readonly #leaving = new Set<Promise<void>>();
  readonly #making = new Set<Promise<void>>();
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
      this.#shelves.set(language, { warm: [], starting: 0, busy: 0 });
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
    for (const shelf of this.#shelves.values())
      for (const sandbox of shelf.warm.splice(0)) this.#leave(sandbox);
    for (const { claim } of this.#waiting.splice(0)) claim.refused(reason);
    this.#changed();
    await Promise.all(this.#leaving);
  }

  /** After `close`: resolves when what was still being made then is gone as well. */
  async settled(): Promise<void> {
    while (this.#making.size + this.#leaving.size > 0) await Promise.all([...this.#making, ...this.#leaving]);
  }

  /** Claims a sandbox for one run of somebody's: at once when one waits, else in turn. */
  acquire(language: Language, { network, room }: Party, claim: Claim<S>): Ticket {
    const shelf = this.#shelf(language);
    if (this.#open && this.#queued(language) === 0 && this.#mayRun() && shelf.warm.length > 0) {
      this.#refillSoon(shelf.warm.length - 1);
      this.#give(shelf, { network, room }, claim);
      this.#changed();
      return { cancel: () => {} };
    }
    const waiting: Waiting<S> = { network, room, language, claim, position: 0 };
    this.#waiting.push(waiting);
    this.#tellPositions();
    if (this.#open) this.#fill();
    this.#changed();
    return {
      cancel: () => {
        const at = this.#waiting.indexOf(waiting);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        this.#tellPositions();
        this.#changed();
      },
    };
  }

  /** Ends the use of a sandbox that was given: it is destroyed, and its place is free once it is gone. */
  release(language: Language, sandbox: S): void {
    this.#shelf(language).busy -= 1;
    this.#users.delete(sandbox);
    this.#leave(sandbox);
    if (this.#open) this.#serve();
    this.#changed();
  }

  /** Runs that wait for a sandbox, over all languages; of one network, if it is named. */
  waiting(network?: string): number {
    if (network === undefined) return this.#waiting.length;
    return this.#waiting.filter((waiting) => waiting.network === network).length;
  }

  counts(): Record<Language, RunnerPool> {
    const counts = {} as Record<Language, RunnerPool>;
    for (const [language, shelf] of this.#shelves)
      counts[language] = {
        warm: shelf.warm.length,
        wanted: this.#options.warm[language],
        starting: shelf.starting,
        busy: shelf.busy,
        queued: this.#queued(language),
      };
    return counts;
  }

  #shelf(language: Language): Shelf<S> {
    return this.#shelves.get(language)!;
  }

  #queued(language: Language): number {
    return this.#waiting.filter((waiting) => waiting.language === language).length;
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
      const next = this.#inTurn().find(({ language }) => this.#shelf(language).warm.length > 0);
      if (next === undefined) break;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#give(this.#shelf(next.language), { network: next.network, room: next.room }, next.claim);
    }
    this.#tellPositions();
    this.#fill();
  }

  #give(shelf: Shelf<S>, party: Party, claim: Claim<S>): void {
    const sandbox = shelf.warm.shift()!;
    shelf.busy += 1;
    this.#users.set(sandbox, party);
    claim.given(sandbox);
  }

  /** Those who wait, whatever their language, in the order in which they will be served. */
  #inTurn(): readonly Waiting<S>[] {
    return inTurn(this.#waiting, [...this.#users.values()]);
  }

  /** A place is among those of its language: others wait for other sandboxes. */
  #tellPositions(): void {
    const told = new Map<Language, number>();
    for (const waiting of this.#inTurn()) {
      const position = (told.get(waiting.language) ?? 0) + 1;
      told.set(waiting.language, position);
      if (waiting.position === position) continue;
      waiting.position = position;
      waiting.claim.waiting(position);
    }
  }

  /** @param left how many are still warm */
  #refillSoon(left: number): void {
    // After a failure, what is due is the next try.
    if (this.#failures > 0) return;
    const wait = left > 0 ? REFILL_DELAY_MS : REFILL_EMPTY_MS;
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
   * The language of the run that is next in turn and for which none is coming, if it may run when it comes; else
   * the one that is furthest from its number; null when all is well.
   */
  #neediest(): Language | null {
    const coming = new Map<Language, number>();
    for (const [language, { warm, starting }] of this.#shelves) coming.set(language, warm.length + starting);
    let provided = this.#busy();
    let next: Language | null = null;
    for (const { language } of this.#inTurn()) {
      const left = coming.get(language)!;
      if (left === 0) next ??= language;
      else {
        coming.set(language, left - 1);
        provided += 1;
      }
    }
    if (next !== null && provided < this.#options.busy) return next;
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
    this.#refillSoon(shelf.warm.length);
    this.#changed();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_BEFORE_GIVING_UP) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const { claim } of this.#waiting.splice(0)) claim.refused(`No sandbox could be made: ${reason}`);
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
