/**
 * People who type, and how long each of their keystrokes takes to stand in everybody else's text.
 *
 * In a room every typist has a character of their own, so that a receiver sees by the character alone who typed it;
 * the n-th one of a typist is their n-th keystroke. Everybody types at a place of their own and stays there while the
 * others' text moves it, as people do.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '@codesync/ot/testing';
import type { PeerServer, Replica } from './peer.ts';

/** One byte on every wire, none of which is written with an escape, and a few of two bytes for the largest room. */
const KEYS = [
  ...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((key) => !'"\\'.includes(key)),
  ...Array.from({ length: 60 }, (_, i) => String.fromCharCode(0xc0 + i)),
];
/** What a room holds before anyone types: of a character that nobody types. */
const GROUND = ' '.repeat(8_000);
/** Connections that are made at once. */
const ABREAST = 20;

/** The keystrokes of one typist. */
type Typist = {
  readonly replica: Replica;
  readonly key: string;
  /** When each keystroke was made. */
  readonly made: number[];
  /** How many keystrokes of each typist of the room stand in this replica. */
  readonly seen: Int32Array;
  at: number;
};

/** Keystrokes that stood in somebody else's replica in a stretch of time: how many there were, how long each took. */
export type Stretch = { readonly typed: number; readonly missing: number; readonly ms: readonly number[] };

/** Typists of any number of rooms of one peer, all in this process. */
export class Typists {
  readonly #rooms: readonly (readonly Typist[])[];
  readonly #everybody: readonly Typist[];
  readonly #joinAgain: readonly (() => Promise<Replica>)[];
  readonly #ground: readonly string[];
  #ms: number[] = [];
  #awaited = 0;
  #next = 0;
  readonly #chance = new Random(1);

  private constructor(
    rooms: readonly (readonly Typist[])[],
    joinAgain: readonly (() => Promise<Replica>)[],
    ground: readonly string[],
    tell: (heard: (typist: Typist, by: readonly Typist[], at: number, text: string) => void) => void,
  ) {
    this.#rooms = rooms;
    this.#everybody = inTurn(rooms);
    this.#joinAgain = joinAgain;
    this.#ground = ground;
    tell((typist, others, at, text) => this.#heard(typist, others, at, text));
  }

  /** Makes `rooms` rooms with `each` typists, all in step and ready to type. */
  static async seat(server: PeerServer, rooms: number, each: number): Promise<Typists> {
    let heard: ((typist: Typist, by: readonly Typist[], at: number, text: string) => void) | null = null;
    const joinAgain: (() => Promise<Replica>)[] = [];
    const ground: string[] = [];
    const seated = await abreast(rooms, async (r) => {
      const room = await server.room();
      joinAgain[r] = () => room.join(() => undefined);
      const typists: Typist[] = [];
      const sit = async (t: number): Promise<void> => {
        const replica = await room.join((at, text) => {
          const typist = typists[t];
          if (typist !== undefined && heard !== null) heard(typist, typists, at, text);
        });
        typists[t] = { replica, key: KEYS[t]!, made: [], seen: new Int32Array(each), at: 0 };
      };
      await sit(0);
      await abreast(each - 1, (t) => sit(t + 1), rooms === 1 ? ABREAST : 2);
      // When all are there: one that keeps nothing has nothing for those who come later.
      typists[0]!.replica.insert(0, GROUND);
      await until(() => typists.every(({ replica }) => replica.length >= GROUND.length), 10_000);
      const { length } = typists[0]!.replica;
      typists.forEach((typist, t) => {
        typist.at = Math.floor((length * (t + 0.5)) / each);
      });
      ground[r] = typists[0]!.replica.text();
      return typists;
    });
    return new Typists(seated, joinAgain, ground, (listener) => {
      heard = listener;
    });
  }

  /** Everybody's socket: bytes received so far. */
  received(): number {
    return this.#everybody.reduce((sum, { replica }) => sum + replica.received(), 0);
  }

  /**
   * Types for `ms`, all together at `rate` keystrokes a second at moments by chance, the typists in turn; then waits
   * until every keystroke has arrived everywhere, up to `patienceMs`.
   *
   * @param fromDue count from when a keystroke was due, not from when it was made: when this process cannot keep up
   *   with the rate, that counts too.
   */
  async type(rate: number, ms: number, patienceMs: number, fromDue: boolean): Promise<Stretch> {
    this.#ms = [];
    const total = Math.max(1, Math.round((rate * ms) / 1000));
    const due = Float64Array.from({ length: total }, () => this.#chance.next() * ms).sort();
    const began = performance.now();
    let typed = 0;
    while (typed < total) {
      const since = performance.now() - began;
      if (since > ms + patienceMs) break;
      // A few at a time: what arrives meanwhile is heard in between.
      for (let burst = 0; due[typed]! <= since && burst < 64; burst++, typed++) {
        this.#press(fromDue ? began + due[typed]! : performance.now());
      }
      if (typed === total) break;
      const wait = due[typed]! - (performance.now() - began);
      await (wait > 0.5 ? pause(wait) : turn());
    }
    await until(() => this.#awaited === 0, patienceMs);
    const missing = this.#awaited;
    return { typed, missing, ms: this.#ms };
  }

  /**
   * What is wrong in the end, null for nothing: a keystroke that is missing or there twice, two replicas of a room
   * that differ, or one that differs from what the server gives a newcomer.
   */
  async fault(converges: boolean): Promise<string | null> {
    for (const [r, typists] of this.#rooms.entries()) {
      const newcomer = converges ? await this.#joinAgain[r]!() : null;
      const text = newcomer?.text() ?? null;
      newcomer?.close();
      for (const { replica, seen } of typists) {
        if (text !== null && replica.text() !== text) return 'a replica differs from the server';
        for (const [t, { made }] of typists.entries()) {
          if (typists[t]!.replica !== replica && seen[t] !== made.length)
            return 'a keystroke is lost or doubled';
        }
      }
      if (text === null) continue;
      const before = countOf(this.#ground[r]!);
      const after = countOf(text);
      for (const { key, made } of typists) {
        if ((after.get(key) ?? 0) - (before.get(key) ?? 0) !== made.length) {
          return 'the server has lost or doubled a keystroke';
        }
      }
    }
    return null;
  }

  leave(): void {
    for (const { replica } of this.#everybody) replica.close();
  }

  #press(at: number): void {
    const typist = this.#everybody[this.#next]!;
    this.#next = (this.#next + 1) % this.#everybody.length;
    typist.made.push(at);
    this.#awaited += typist.seen.length - 1;
    typist.replica.insert(typist.at, typist.key);
    typist.at++;
  }

  #heard(typist: Typist, others: readonly Typist[], at: number, text: string): void {
    const now = performance.now();
    if (at <= typist.at) typist.at += text.length;
    for (const key of text) {
      const by = KEY_INDEX.get(key);
      if (by === undefined) continue;
      const madeAt = others[by]!.made[typist.seen[by]!++];
      if (madeAt === undefined) throw new Error('a keystroke arrived that nobody made');
      this.#ms.push(now - madeAt);
      this.#awaited--;
    }
  }
}

const KEY_INDEX: ReadonlyMap<string, number> = new Map(KEYS.map((key, i) => [key, i]));

/** The first of every room, then the second of every room, and so on. */
function inTurn(rooms: readonly (readonly Typist[])[]): Typist[] {
  const most = Math.max(...rooms.map((room) => room.length));
  return Array.from({ length: most }, (_, t) => rooms.flatMap((room) => room[t] ?? [])).flat();
}

function countOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return counts;
}

/** `work` for 0 up to `count`, a limited number at a time; the results in order. */
export async function abreast<T>(
  count: number,
  work: (index: number) => Promise<T>,
  limit = ABREAST,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
  return results;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when `check` holds or the time is over. */
async function until(check: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!check() && performance.now() < end) await pause(2);
}
