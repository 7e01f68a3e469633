/**
 * Whether a page tells the truth: looked at all the while, and each look held against the log right afterwards. A
 * page that says “Saved” while something of its author is not in the log has lied. While nothing can enter the log
 * (the server is dead, the disk is full) the comparison is exact; else it may be late by the time of one query.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RoomFold } from '@codesync/room';
import type { ClientConfig } from 'pg';
import type { Glance, RoomPage } from '../pages/room-page.ts';
import { Database } from './database.ts';
import { eventually } from './eventually.ts';
import { FENCE } from './typist.ts';

const EVERY_MS = 50;

export class PageWatch {
  readonly #page: RoomPage;
  readonly #database: Database;
  readonly #path: string;
  readonly #fold = new RoomFold();
  readonly #lies = new Set<string>();
  readonly #seen = new Map<string, number>();
  readonly #watching: Promise<void>;
  #stopped = false;
  #last: Glance | null = null;

  /** The page's author alone types before the fence, and takes nothing out there. All of it must be in sight. */
  constructor(page: RoomPage, connection: ClientConfig, path = 'main.py') {
    this.#page = page;
    this.#path = path;
    this.#database = new Database(connection);
    this.#watching = this.#watch();
    // Told by `stop`; a test that fails before it has failed already.
    this.#watching.catch(() => undefined);
  }

  /** How many looks found the page saying this of saving, while its connection was like that. */
  looks(save: string, connection: string): number {
    return this.#seen.get(`${save}, ${connection}`) ?? 0;
  }

  /** Resolves when what the page says fits. */
  async until(what: string, fits: (glance: Glance) => boolean, timeoutMs?: number): Promise<void> {
    const told = () => JSON.stringify({ ...this.#last, text: undefined });
    await eventually(what, () => this.#last !== null && fits(this.#last), told, timeoutMs);
  }

  /** Ends the watch; throws what the page said that was not so. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
    await this.#database.close();
    if (this.#lies.size > 0) throw new Error(`The page lied:\n${[...this.#lies].join('\n')}`);
    if (this.#fold.seq === 0)
      throw new Error('No look could be held against the log: this watch proves nothing.');
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      await this.#look();
      await sleep(EVERY_MS);
    }
  }

  async #look(): Promise<void> {
    const glance = await this.#page.glance();
    this.#last = glance;
    // Without a database to ask this look stays unproved.
    const events = await this.#database.after(this.#page.id, this.#fold.seq).catch(() => null);
    if (events === null) return;
    for (const event of events) this.#fold.apply(event);
    const key = `${glance.save}, ${glance.connection}`;
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
    const lie = untrue(glance, this.#text());
    if (lie !== null) this.#lies.add(lie);
  }

  #text(): string {
    const file = [...this.#fold.state.files.values()].find(({ path }) => path === this.#path)!;
    return this.#fold.texts.get(file.id)!.buffer.toString();
  }
}

/** What a page said of saving that is not so, the log's text being `logged` by then; null when it may be true. */
export function untrue({ save, connection, text }: Glance, logged: string): string | null {
  if (save !== 'Saved') return null;
  const [shown, kept] = [beforeFence(text), beforeFence(logged)];
  if (kept.startsWith(shown)) return null;
  return `“Saved” (${connection}) of “…${shown.slice(-60)}”; the log: “…${kept.slice(-60)}”`;
}

/** Without the line break in front of the fence: what the log has more of stands before that. */
function beforeFence(text: string): string {
  return text.split(FENCE, 1)[0]!.replace(/\n$/, '');
}
