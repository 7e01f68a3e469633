/**
 * One room of the soak: people who type, run programs, lose their connection and come back, and visitors who come and
 * go. The host keeps the connection and minds the runs.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { FileId, type Language } from '@codesync/protocol';
import { Person, randomId } from '../../apps/server/test/support/client.ts';
import { type Chance, STEP_MS, within } from './chance.ts';
import { type Program, programsFor } from './programs.ts';
import { RoomRuns, RUNS_AT_ONCE } from './room-runs.ts';
import { NOTES, NOTES_UNITS, Seat } from './seat.ts';

/** Means of the times between two doings of one person, or one room, in milliseconds. */
const KEY_MS = 700;
const LOOK_MS = 1_500;
const AWAY_EVERY_MS = 40_000;
const RUN_EVERY_MS = 18_000;
const MIND_EVERY_MS = 1_000;
const VISIT_EVERY_MS = 20_000;
const VISIT_MS = 6_000;
const FORGET_MS = 10_000;

const SEATS = 3;
const VISITORS = 6;
/**
 * Runs after which a room holds as much as ever: its state the last twenty with their output, the runner's cache as
 * many binaries as one room may have there.
 */
const FILLING: Readonly<Record<Language, number>> = { python: 20, javascript: 20, go: 30, rust: 30 };

export type Counts = { keys: number; returns: number; abrupt: number; visits: number; runs: number };

export class SoakRoom {
  readonly id: string;
  readonly programs: readonly Program[];
  readonly faults: string[] = [];
  readonly #place: string;
  readonly #language: Language;
  readonly #secret: string;
  readonly #chance: Chance;
  readonly #seats: readonly Seat[];
  readonly #visitors: readonly Person[];
  readonly #runs: RoomRuns;
  /** What visitors who are gone have typed, by their clients. */
  readonly #typedByVisitors = new Map<string, number>();
  #abruptVisits = 0;

  private constructor(
    place: string,
    { id, language, secret }: { readonly id: string; readonly language: Language; readonly secret: string },
    seats: readonly Seat[],
    visitors: readonly Person[],
    chance: Chance,
  ) {
    this.id = id;
    this.programs = programsFor(language);
    this.#place = place;
    this.#language = language;
    this.#secret = secret;
    this.#chance = chance;
    this.#seats = seats;
    this.#visitors = visitors;
    this.#runs = new RoomRuns(seats[0]!.tab, this.programs, chance);
  }

  /** A room with its people and files. */
  static async open(place: string, language: Language, chance: Chance): Promise<SoakRoom> {
    const host = await Person.named(place, 'Host');
    const id = await host.createRoom(language);
    const { editor: secret } = await host.links(id);
    const seats: Seat[] = [];
    for (let n = 0; n < SEATS; n++) {
      const person = n === 0 ? host : await Person.named(place, `Typist ${n}`);
      const seat = new Seat(person.tab(), place, chance);
      await seat.sit(id, secret);
      seats.push(seat);
    }
    const visitors: Person[] = [];
    for (let n = 0; n < VISITORS; n++) visitors.push(await Person.named(place, `Visitor ${n}`));
    const room = new SoakRoom(place, { id, language, secret }, seats, visitors, chance);
    for (const { path, text } of [...room.programs, { path: NOTES, text: 'x'.repeat(NOTES_UNITS) }]) {
      const made = seats[0]!.tab.ask({ kind: 'file.create', file: FileId.parse(randomId()), path, text });
      const answer = await within('a file is made', made);
      if (answer !== 'done') throw new Error(`${path}: ${answer.message}`);
    }
    return room;
  }

  /** UTF-16 units that each client has typed into files. */
  get typed(): ReadonlyMap<string, number> {
    return new Map([
      ...this.#typedByVisitors,
      ...this.#seats.map(({ tab, keys }) => [tab.client, keys] as const),
    ]);
  }

  get counts(): Counts {
    const sum = (of: (seat: Seat) => number) => this.#seats.reduce((total, seat) => total + of(seat), 0);
    return {
      keys: [...this.typed.values()].reduce((total, keys) => total + keys, 0),
      returns: sum(({ returns }) => returns),
      abrupt: sum(({ abrupt }) => abrupt) + this.#abruptVisits,
      visits: this.#typedByVisitors.size,
      runs: this.#runs.started,
    };
  }

  /** Everything once, as often as the room remembers it, so that what it holds grows no more afterwards. */
  async fill(): Promise<void> {
    for (const visitor of this.#visitors) await this.#visit(visitor, 300);
    const left = FILLING[this.#language];
    for (let next = 0; next < left || this.#runs.going > 0; ) {
      if (next < left && this.#runs.going < RUNS_AT_ONCE) {
        await within('a run starts', this.#runs.startKnown(this.#seats[next % SEATS]!.tab));
        next++;
      }
      this.#runs.mind();
      for (const seat of this.#seats) seat.press();
      await pause(100);
    }
    await this.#settled();
  }

  /** All of it together until `until`, by `performance.now()`; then waits for what was begun. */
  async live(until: number): Promise<void> {
    const each = (meanMs: number, act: () => unknown): Promise<void> => this.#each(meanMs, until, act);
    const end = new AbortController();
    const minding = this.#mind(end.signal);
    await Promise.all([
      ...this.#seats.flatMap((seat) => [each(KEY_MS, () => seat.press()), each(LOOK_MS, () => seat.look())]),
      ...this.#seats.slice(1).map((seat) => each(AWAY_EVERY_MS, () => seat.lose())),
      each(VISIT_EVERY_MS, () =>
        this.#visit(this.#chance.pick(this.#visitors), this.#chance.about(VISIT_MS)),
      ),
      each(RUN_EVERY_MS, () =>
        this.#runs.startNext(this.#chance.pick(this.#seats.filter(({ isHere }) => isHere)).tab),
      ),
      each(FORGET_MS, () => this.#forget()),
    ]);
    await this.#settled();
    end.abort();
    await minding;
  }

  /** Everybody leaves. */
  leave(): void {
    for (const seat of this.#seats) seat.leave();
  }

  /** Everybody comes back, after `leave`. */
  async comeBack(): Promise<void> {
    for (const seat of this.#seats) await seat.comeBack();
  }

  /** The texts of all files, by path, of each replica and of a newcomer's. */
  async replicas(): Promise<Map<string, string>[]> {
    const newcomer = (await Person.named(this.#place, 'Newcomer')).tab();
    await within('a newcomer comes in', newcomer.join(this.id, this.#secret));
    const tabs = this.#seats.map(({ tab }) => tab);
    await within(
      'everybody has heard everything',
      Promise.all(tabs.map((tab) => tab.until(() => tab.fold.seq >= newcomer.fold.seq))),
    );
    const texts = [...tabs, newcomer].map(
      (tab) =>
        new Map([...tab.fold.state.files.values()].map(({ id, path }) => [path, tab.text(id)] as const)),
    );
    newcomer.disconnect();
    return texts;
  }

  /** In a tab of its own, as all visits: the room hears of a new client each time. */
  async #visit(person: Person, ms: number): Promise<void> {
    const seat = new Seat(person.tab(), this.#place, this.#chance);
    await seat.sit(this.id, this.#secret);
    const until = performance.now() + ms;
    while (performance.now() < until) {
      seat.press();
      await pause(this.#chance.about(KEY_MS / 2));
    }
    await within('what a visitor typed is saved', seat.tab.saved());
    this.#typedByVisitors.set(seat.tab.client, seat.keys);
    if (this.#chance.next() < 0.5) seat.drop();
    seat.leave();
    this.#abruptVisits += seat.abrupt;
    this.faults.push(...seat.forget());
  }

  /** Does it again and again until then, by `performance.now()`, each time after a pause by chance. */
  async #each(meanMs: number, until: number, act: () => unknown): Promise<void> {
    for (;;) {
      await pause(Math.max(0, Math.min(this.#chance.about(meanMs), until - performance.now())));
      if (performance.now() >= until) return;
      try {
        await act();
      } catch (error) {
        this.faults.push(error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #mind(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      this.#runs.mind();
      await pause(this.#chance.about(MIND_EVERY_MS));
    }
  }

  /** Everything typed is saved, and every run has ended. */
  async #settled(): Promise<void> {
    const deadline = performance.now() + STEP_MS;
    while (this.#runs.going > 0 || this.#seats.some(({ tab }) => !tab.isSaved())) {
      if (performance.now() > deadline) {
        this.faults.push(`in the end ${this.#runs.going} runs went on, or something typed was not saved`);
        break;
      }
      await pause(50);
    }
    this.#forget();
  }

  #forget(): void {
    for (const seat of this.#seats) this.faults.push(...seat.forget());
  }
}
