/**
 * What the crash tests of a part of the product begin with: a room with somebody at a page in it, watched, others who
 * type without one, and a program that prints for as long as a run may.
 */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Random, seedOfTest } from '@codesync/ot/testing';
import { FileId, type RunEnd, type RunPhase } from '@codesync/protocol';
import { expect } from 'vitest';
import type { RoomPage } from '../pages/room-page.ts';
import { Database, type StoredLog } from './database.ts';
import { eventually } from './eventually.ts';
import { expectLaws, outputOf } from './laws.ts';
import { PageTypist } from './page-typist.ts';
import type { Person } from './person.ts';
import type { Server } from './server.ts';
import { Typist } from './typist.ts';

/** A hundred lines a second, in twenty bursts: a page draws no more frames for it than it has to. */
export const ENDLESS = `import time
n = 0
while True:
    for n in range(n, n + 5):
        print("tick", n, flush=True)
    n += 1
    time.sleep(0.05)
`;

/** What it is called in a room. */
const ENDLESS_PATH = 'endless.py';

/** All lines of a test's text are in sight of a page like this. It is drawn at half its size, for no one looks at it. */
export const TALL = { viewport: { width: 1400, height: 2400 }, deviceScaleFactor: 0.5 } as const;

export class CrashScene {
  readonly server: Server;
  readonly database: Database;
  /** At the page; types before the fence. */
  readonly host: PageTypist;
  readonly others: Typist[] = [];
  readonly random: Random;
  readonly #arrive: (name: string) => Promise<Typist>;

  private constructor(
    server: Server,
    database: Database,
    host: PageTypist,
    arrive: (name: string) => Promise<Typist>,
    random: Random,
  ) {
    this.server = server;
    this.database = database;
    this.host = host;
    this.#arrive = arrive;
    this.random = random;
  }

  /** The host's person may come by another way than `server.url`; the others come by `url`. */
  static async begin(
    server: Server,
    person: Person,
    names: readonly string[],
    url = server.url,
  ): Promise<CrashScene> {
    const seed = seedOfTest();
    const random = new Random(seed);
    console.log(`seed ${seed}`);
    const host = await PageTypist.host(person, server.database);
    const room = host.page.id;
    const secret = (await person.link(room, 'editor')).split('#')[1]!;
    const arrive = (name: string) => Typist.arrive({ url, room, name, secret, random });
    const scene = new CrashScene(server, new Database(server.database), host, arrive, random);
    for (const name of names) await scene.arrive(name);
    return scene;
  }

  /** One more who types, by the same way as the others. */
  async arrive(name: string): Promise<Typist> {
    const typist = await this.#arrive(name);
    this.others.push(typist);
    return typist;
  }

  get room(): string {
    return this.host.page.id;
  }

  /** The first of those without a page: the room as the server tells it. */
  get witness() {
    return this.others[0]!.witness;
  }

  /** Everybody types so many words. */
  async type(words: number): Promise<void> {
    await Promise.all([this.host.type(words), ...this.others.map((other) => other.act(words))]);
  }

  /** Puts a program into the room. */
  async createFile(path: string, text: string): Promise<void> {
    const file = FileId.parse(randomBytes(12).toString('base64url'));
    expect(await this.witness.send({ kind: 'file.create', file, path, text })).toBeNull();
  }

  /** Starts a file, and tells the refusal, if it is one. */
  start(path: string) {
    return this.witness.send({ kind: 'run.start', entry: this.witness.fileId(path) });
  }

  /** Has the host start `ENDLESS`, from a second tab, which stays open. Resolves when it is seen there to print. */
  async startFromTab(): Promise<RoomPage> {
    const tab = await this.host.page.secondTab();
    await tab.openFile(ENDLESS_PATH);
    const before = this.witness.runs.length;
    await tab.run.click();
    await eventually(
      'another run prints',
      () => this.witness.runs.length > before && this.printed > 0,
      () => this.witness.runs.length,
      60_000,
    );
    // Until it can be stopped there, the tab shows the run before.
    await tab.stop.waitFor();
    await tab.output.getByText('tick 3').first().waitFor();
    return tab;
  }

  /** Waits until a page shows all that the newest run, which is `ENDLESS` and has ended, printed: once, in order. */
  async untilAllShown(tab: RoomPage): Promise<void> {
    const { id } = this.witness.runs.at(-1)!;
    const ticks = (text: string | null) => text?.match(/tick \d+/g) ?? [];
    const logged = ticks(outputOf((await this.database.log(this.room)).events, id));
    let shown: readonly string[] = [];
    await eventually(
      'a page shows all that the run printed',
      async () => {
        shown = ticks(await tab.output.textContent());
        return isDeepStrictEqual(shown, logged);
      },
      () =>
        `${shown.length} ticks, in the log ${logged.length}; the last ones ${shown.at(-1)}, ${logged.at(-1)}`,
    );
  }

  /** Waits until so many runs print. */
  async untilPrinting(runs: number): Promise<void> {
    const printing = () =>
      this.witness.runs.filter(({ end, phase, output }) => {
        return end === null && phase === 'running' && output.length > 0;
      }).length;
    await eventually(`${runs} programs print`, () => printing() >= runs, printing, 60_000);
  }

  /** How many characters the newest run has printed, as the others have it. */
  get printed(): number {
    return this.witness.runs.at(-1)!.output.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** How many runs that have not ended are in this phase. */
  going(phase: RunPhase): number {
    return this.witness.runs.filter((run) => run.end === null && run.phase === phase).length;
  }

  /** The ends of all runs, oldest first; `null` for one that goes on. */
  get ends(): readonly (RunEnd | null)[] {
    return this.witness.runs.map(({ end }) => end);
  }

  /** The check of the laws, and of what the page said all the while. Nobody is in the room afterwards. */
  async expectAllWell(): Promise<StoredLog> {
    const { host, others, database, room } = this;
    const log = await expectLaws({
      database,
      room,
      parties: [host, ...others],
      counting: ENDLESS_PATH,
      timeoutMs: 120_000,
    });
    await host.watch.stop();
    for (const { name, refusals, witness } of others) {
      expect(refusals, `refused to ${name}`).toEqual([]);
      witness.leave();
    }
    await database.close();
    return log;
  }
}
