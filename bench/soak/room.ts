/**
 * One room of the soak: people who type, run programs, lose their connection and come back, and visitors who come and
 * go. The host keeps the connection and minds the runs.
 */

import type { Socket as NetSocket } from 'node:net';
import type { Language, RunId } from '@codesync/protocol';
import { Person, randomId, type Tab } from '../../apps/server/test/support/client.ts';
import { type Program, type ProgramName, programsFor, SHARE } from './programs.ts';

/** What everybody types into: never a program, so that it may hold anything. */
export const NOTES = 'notes.md';
/** The notes stay about this long: what is typed beyond it is deleted somewhere. */
const NOTES_UNITS = 8_000;
const DELETED_AT_ONCE = 40;

/** Means of the times between two doings of one person, or one room, in milliseconds. */
const KEY_MS = 700;
const AWAY_EVERY_MS = 40_000;
const AWAY_MS = 4_000;
const RUN_EVERY_MS = 18_000;
const VISIT_EVERY_MS = 20_000;
const VISIT_MS = 6_000;
const LOOK_MS = 1_500;
const FORGET_MS = 10_000;
const STOP_AFTER_MS = 1_000;
/** A step that a person waits for: longer than this on any machine means that it never comes. */
const STEP_MS = 180_000;

const RUNS_AT_ONCE = 2;
const SEATS = 3;
const VISITORS = 6;
/** Runs after which a room's state holds all the runs and output that it ever will, and the cache its binaries. */
const FILLING: Readonly<Record<Language, Readonly<Partial<Record<ProgramName, number>>>>> = {
  python: { flooding: 3, short: 17 },
  javascript: { flooding: 3, short: 17 },
  go: { flooding: 3, short: 32 },
  rust: { flooding: 3, short: 32 },
};

export type Counts = {
  keys: number;
  deletions: number;
  returns: number;
  abrupt: number;
  visits: number;
  runs: number;
};

/** Somebody's tab and what they are doing; `clock` counts what they said of their cursor. */
type Seat = { readonly tab: Tab; doing: 'here' | 'away' | 'coming'; clock: number };

export class SoakRoom {
  readonly id: string;
  readonly language: Language;
  readonly programs: readonly Program[];
  readonly counts: Counts = { keys: 0, deletions: 0, returns: 0, abrupt: 0, visits: 0, runs: 0 };
  /** UTF-16 units that each client has typed into files. */
  readonly typed = new Map<string, number>();
  readonly faults: string[] = [];
  readonly #place: string;
  readonly #random: () => number;
  readonly #seats: Seat[] = [];
  readonly #visitors: Person[] = [];
  readonly #secret: string;
  /** Runs that were told to stop, or given their input. */
  readonly #minded = new Set<RunId>();

  private constructor(place: string, id: string, language: Language, secret: string, random: () => number) {
    this.#place = place;
    this.id = id;
    this.language = language;
    this.programs = programsFor(language);
    this.#secret = secret;
    this.#random = random;
  }

  /** A room with its people and files. */
  static async open(place: string, language: Language, random: () => number): Promise<SoakRoom> {
    const host = await Person.named(place, 'Host');
    const id = await host.createRoom(language);
    const { editor } = await host.links(id);
    const room = new SoakRoom(place, id, language, editor, random);
    await room.#sit(host);
    for (let n = 1; n < SEATS; n++) await room.#sit(await Person.named(place, `Typist ${n}`));
    for (let n = 0; n < VISITORS; n++) room.#visitors.push(await Person.named(place, `Visitor ${n}`));
    const { tab } = room.#host;
    for (const { path, text } of [...room.programs, { path: NOTES, text: 'x'.repeat(NOTES_UNITS) }]) {
      const answer = await within(
        'a file is made',
        tab.ask({ kind: 'file.create', file: randomId(), path, text }),
      );
      if (answer !== 'done') throw new Error(`${path}: ${answer.message}`);
    }
    return room;
  }

  /** Everything once, as often as the room remembers it, so that what it holds grows no more afterwards. */
  async fill(): Promise<void> {
    for (const visitor of this.#visitors) await this.#visit(visitor, 300);
    const left = Object.entries(FILLING[this.language]).flatMap(([name, count]) =>
      Array.from({ length: count }, () => name as ProgramName),
    );
    let next = 0;
    while (next < left.length || this.#going() > 0) {
      if (next < left.length && this.#going() < RUNS_AT_ONCE) {
        const seat = this.#seats[next % SEATS]!;
        await within('a run starts', this.#start(seat, left[next]!));
        next++;
      }
      this.#mind();
      for (const seat of this.#seats) this.#press(seat);
      await pause(100);
    }
    await this.#settled();
  }

  /** All of it together until `until`, by `performance.now()`; then waits for what was begun. */
  async live(until: number): Promise<void> {
    const each = (meanMs: number, act: () => unknown): Promise<void> => this.#each(meanMs, until, act);
    const minding = new AbortController();
    const minded = this.#mindUntil(minding.signal);
    await Promise.all([
      ...this.#seats.flatMap((seat) => [
        each(KEY_MS, () => this.#press(seat)),
        each(LOOK_MS, () => this.#look(seat)),
      ]),
      ...this.#seats.slice(1).map((seat) => each(AWAY_EVERY_MS, () => this.#lose(seat))),
      each(VISIT_EVERY_MS, () => this.#visit(this.#one(this.#visitors), this.#about(VISIT_MS))),
      each(RUN_EVERY_MS, () => this.#startOne()),
      each(FORGET_MS, () => this.#forget()),
    ]);
    await this.#settled();
    minding.abort();
    await minded;
  }

  /** Everybody leaves. */
  leave(): void {
    for (const seat of this.#seats) {
      seat.tab.disconnect();
      seat.doing = 'away';
    }
  }

  /** Everybody comes back, after `leave`. */
  async comeBack(): Promise<void> {
    for (const seat of this.#seats) await this.#return(seat);
  }

  /** The texts of all files, by path, of each replica and of a newcomer's. */
  async replicas(): Promise<Map<string, string>[]> {
    const newcomer = (await Person.named(this.#place, 'Newcomer')).tab();
    await within('a newcomer comes in', newcomer.join(this.id, this.#secret));
    await within(
      'everybody has heard everything',
      Promise.all(this.#seats.map(({ tab }) => tab.until(() => tab.fold.seq >= newcomer.fold.seq))),
    );
    const texts = [...this.#seats.map(({ tab }) => tab), newcomer].map(
      (tab) =>
        new Map([...tab.fold.state.files.values()].map(({ id, path }) => [path, tab.text(id)] as const)),
    );
    newcomer.disconnect();
    return texts;
  }

  get #host(): Seat {
    return this.#seats[0]!;
  }

  async #sit(person: Person): Promise<Seat> {
    const seat: Seat = { tab: person.tab(), doing: 'coming', clock: 0 };
    await within('a person comes in', seat.tab.join(this.id, this.#secret));
    seat.doing = 'here';
    this.#seats.push(seat);
    return seat;
  }

  // ---- what people do -----------------------------------------------------------------------------------

  /** One key, also without a connection; or a stretch taken out where the notes have become too long. */
  #press(seat: Seat): void {
    if (seat.doing === 'coming') return;
    const { tab } = seat;
    const file = tab.file(NOTES);
    const { length } = tab.text(file);
    // Nothing is pending then: no deletion takes back, before it was sent, what the log is to be searched for.
    if (length > NOTES_UNITS + DELETED_AT_ONCE && tab.isSaved()) {
      const at = 1 + Math.floor(this.#random() * (length - DELETED_AT_ONCE - 1));
      tab.edit([at, -DELETED_AT_ONCE], file);
      this.counts.deletions++;
      return;
    }
    const at = 1 + Math.floor(this.#random() * (length - 1));
    tab.edit([at, String.fromCharCode(97 + Math.floor(this.#random() * 26))], file);
    this.counts.keys++;
    this.typed.set(tab.client, (this.typed.get(tab.client) ?? 0) + 1);
  }

  /** Moves the cursor. */
  #look(seat: Seat): void {
    if (seat.doing !== 'here') return;
    const { tab } = seat;
    const file = tab.file(NOTES);
    const { version } = tab.fold.texts.get(file)!;
    const at = Math.floor(this.#random() * NOTES_UNITS);
    tab.socket.emit('presence', { clock: ++seat.clock, cursor: { file, version, anchor: at, head: at } });
  }

  /** Goes offline, at times in the middle of an edit and without a word; types meanwhile; comes back. */
  async #lose(seat: Seat): Promise<void> {
    if (seat.doing !== 'here') return;
    if (this.#random() < 0.5) {
      this.#press(seat);
      // The edit may be on its way, in the log, or acknowledged by then.
      await pause(this.#random() * 8);
      netSocketOf(seat.tab).destroy();
      this.counts.abrupt++;
    } else {
      seat.tab.disconnect();
    }
    seat.doing = 'away';
    await pause(this.#about(AWAY_MS));
    await this.#return(seat);
    this.counts.returns++;
  }

  async #return(seat: Seat): Promise<void> {
    seat.doing = 'coming';
    seat.tab.connect(this.#place);
    await within('somebody comes back', seat.tab.rejoin());
    seat.doing = 'here';
  }

  /** In a tab of its own, as all visits: the room hears of a new client each time. */
  async #visit(person: Person, ms: number): Promise<void> {
    const seat: Seat = { tab: person.tab(), doing: 'coming', clock: 0 };
    await within('a visitor comes in', seat.tab.join(this.id, this.#secret));
    seat.doing = 'here';
    const until = performance.now() + ms;
    while (performance.now() < until) {
      this.#press(seat);
      await pause(this.#about(KEY_MS / 2));
    }
    await within('what a visitor typed is saved', seat.tab.saved());
    if (this.#random() < 0.5) netSocketOf(seat.tab).destroy();
    seat.tab.disconnect();
    this.#refusalsOf(seat.tab);
    this.counts.visits++;
  }

  // ---- runs ---------------------------------------------------------------------------------------------

  async #startOne(): Promise<void> {
    if (this.#going() >= RUNS_AT_ONCE) return;
    const seat = this.#one(this.#seats.filter(({ doing }) => doing === 'here'));
    const name = this.#chooseProgram();
    // Its answer may be lost with the connection of who started it; the host hears of the run in any case.
    seat.tab.command({ kind: 'run.start', entry: this.#entry(seat.tab, name) });
    this.counts.runs++;
  }

  #chooseProgram(): ProgramName {
    let dice = this.#random();
    for (const name of Object.keys(SHARE) as ProgramName[]) {
      dice -= SHARE[name];
      if (dice < 0) return name;
    }
    return 'short';
  }

  async #start(seat: Seat, name: ProgramName): Promise<void> {
    const answer = await seat.tab.ask({ kind: 'run.start', entry: this.#entry(seat.tab, name) });
    if (answer !== 'done') throw new Error(`a run was refused: ${answer.message}`);
    await this.#host.tab.until(() => this.#host.tab.fold.seq >= seat.tab.fold.seq);
    this.counts.runs++;
  }

  #entry(tab: Tab, name: ProgramName) {
    return tab.file(this.programs.find((program) => program.name === name)!.path);
  }

  /** Stops what does not end by itself, and answers what asks. */
  #mind(): void {
    const { tab } = this.#host;
    const { runs, files } = tab.fold.state;
    for (const run of runs.values()) {
      if (run.phase !== 'running' || this.#minded.has(run.id)) continue;
      const path = files.get(run.entry)?.path ?? '';
      if (path.startsWith('endless/')) tab.command({ kind: 'run.stop', run: run.id });
      else if (path.startsWith('asking/')) {
        tab.command({ kind: 'run.input', run: run.id, text: 'world\n', eof: false });
      } else continue;
      this.#minded.add(run.id);
    }
  }

  /** As the host sees it. */
  #going(): number {
    return [...this.#host.tab.fold.state.runs.values()].filter(({ phase }) => phase !== 'ended').length;
  }

  // ---- time ---------------------------------------------------------------------------------------------

  /** Does it again and again until then, by `performance.now()`, each time after a pause by chance. */
  async #each(meanMs: number, until: number, act: () => unknown): Promise<void> {
    for (;;) {
      await pause(Math.max(0, Math.min(this.#about(meanMs), until - performance.now())));
      if (performance.now() >= until) return;
      try {
        await act();
      } catch (error) {
        this.faults.push(error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #mindUntil(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      this.#mind();
      await pause(this.#about(STOP_AFTER_MS));
    }
  }

  async #settled(): Promise<void> {
    const deadline = performance.now() + STEP_MS;
    while (this.#going() > 0 || this.#seats.some(({ tab }) => !tab.isSaved())) {
      if (performance.now() > deadline) {
        this.faults.push(`in the end ${this.#going()} runs went on, or something typed was not saved`);
        break;
      }
      await pause(50);
    }
    this.#forget();
  }

  /** What tabs keep for tests of a few seconds would be all that was ever said here. */
  #forget(): void {
    for (const { tab } of this.#seats) {
      tab.log.length = 0;
      tab.acknowledged.clear();
      tab.presence.clear();
      tab.storage.length = 0;
      this.#refusalsOf(tab);
    }
    const { runs } = this.#host.tab.fold.state;
    for (const run of this.#minded) if (!runs.has(run)) this.#minded.delete(run);
  }

  #refusalsOf(tab: Tab): void {
    for (const { error } of tab.refusals.splice(0)) this.faults.push(`refused: ${error.code}`);
    if (tab.dismissed !== null) this.faults.push(`dismissed: ${tab.dismissed.code}`);
    if (tab.resyncs > 0) this.faults.push('told to resync');
    tab.resyncs = 0;
  }

  #one<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }

  /** By chance, this long on average, and not above five times that. */
  #about(meanMs: number): number {
    return Math.min(5, -Math.log(1 - this.#random())) * meanMs;
  }
}

function netSocketOf(tab: Tab): NetSocket {
  const transport = tab.socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
  return transport.ws._socket;
}

/** Rejects when it takes so long that it will never come. */
async function within<T>(what: string, work: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`not in ${STEP_MS / 1000} s: ${what}`)), STEP_MS);
  });
  try {
    return await Promise.race([work, never]);
  } finally {
    clearTimeout(late);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
