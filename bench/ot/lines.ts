/** The lines of the table: what each does to an engine, and what CodeSync is to reach in it. */
import type { Edit, Pair, Solo } from '../lib/session.ts';
import { loadSessions, type Sessions } from '../lib/sessions.ts';
import { time } from '../lib/stats.ts';
import { baseText, editsOf, growth, mergedGrowth, type Shape } from './edits.ts';
import type { Engine, Replica } from './engine.ts';
import { bytesHeld } from './memory.ts';
import { perform, rehearse } from './pair.ts';

/** How a row's figures read: edits per second, milliseconds, a multiple, bytes. */
export type Unit = 'rate' | 'ms' | 'times' | 'bytes';

export type Figure = {
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
};

/** The best of the others times a factor, or a figure of its own. */
type Goal =
  | { readonly kind: 'best'; readonly factor: number; readonly among: 'all' | 'ordered' }
  | { readonly kind: 'limit'; readonly value: number };

export type Row = {
  readonly line: Line;
  readonly what: string;
  readonly unit: Unit;
  /** Rows of one series differ only in `n`, and their figures grow with it. */
  readonly series?: string;
  readonly n?: number;
  readonly goal: Goal;
  readonly measure: (engine: Engine, patienceMs: number) => Figure;
};

export const LINES = {
  a: 'a recorded session as local edits, each confirmed before the next',
  b: 'the same, each edit made into a message / taken in by a second copy (CodeSync: the frames that its page sends / reads)',
  c: 'N unseen edits on each of two sides, exchanged all at once',
  d: 'N unseen edits, arriving one by one at a copy that holds N of its own',
  e: 'N edits of which none is confirmed, and the message of them all',
  f: 'opening a file: from its whole log / from a snapshot, and the first key',
  g: 'memory of an open file over its text; bytes on the wire for a keystroke',
  h: 'two people writing at once, all copies and the server in one process, for each edit',
} as const;

export type Line = keyof typeof LINES;

const SIZES = [1, 10, 100, 1_000, 10_000];
const LARGEST = 10_000;
/** The edits of a session's end that line g looks at: more than a server keeps for those who come back. */
const LAST_EDITS = 2_000;

/** All rows of these lines. */
export function rowsOf(lines: readonly Line[]): { rows: readonly Row[]; leftOut: readonly string[] } {
  const sessions = loadSessions();
  const rows = lines.flatMap((line) => ROWS[line](sessions));
  return { rows, leftOut: lines.includes('h') ? sessions.leftOut : [] };
}

const ROWS: { readonly [Each in Line]: (sessions: Sessions) => Row[] } = {
  a: ({ solos }) => solos.map(localEdits),
  b: ({ solos }) => solos.flatMap((solo) => [madeIntoBytes(solo), takenIn(solo)]),
  c: () => grown((shape, n) => allAtOnce(shape, n)),
  d: () => grown((shape, n) => oneByOne(shape, n)),
  e: () => grown((shape, n) => nothingConfirmed(shape, n)),
  f: ({ solos }) => [fromLog(longest(solos)), fromSnapshot(longest(solos))],
  g: ({ solos }) => [memory(longest(solos)), wire(longest(solos))],
  h: ({ pairs }) => pairs.map(together),
};

function grown(row: (shape: Shape, n: number) => Row): Row[] {
  return (['typed', 'scattered'] as const).flatMap((shape) => SIZES.map((n) => row(shape, n)));
}

function localEdits(solo: Solo): Row {
  return {
    line: 'a',
    what: `${solo.name}, ${count(solo.edits.length)} edits`,
    unit: 'rate',
    goal: { kind: 'best', factor: 2, among: 'all' },
    measure(engine, patience) {
      const start = engine.create(solo.start);
      return perSecond(
        solo.edits.length,
        time(() => {
          const replica = engine.load(start, 1);
          return () => {
            for (const { at, remove, insert } of solo.edits) {
              replica.edit(at, remove, insert);
              replica.confirm();
            }
            return () => same(replica.text(), solo.end);
          };
        }, patience),
      );
    },
  };
}

function madeIntoBytes(solo: Solo): Row {
  return {
    line: 'b',
    what: `${solo.name}, made`,
    unit: 'rate',
    goal: { kind: 'best', factor: 2, among: 'all' },
    measure(engine, patience) {
      const start = engine.create(solo.start);
      return perSecond(
        solo.edits.length,
        time(() => {
          const replica = engine.load(start, 1);
          return () => {
            let bytes = 0;
            for (const { at, remove, insert } of solo.edits) {
              bytes += replica.send(at, remove, insert).length;
            }
            return () => {
              same(replica.text(), solo.end);
              if (bytes === 0) throw new Error('nothing was made');
            };
          };
        }, patience),
      );
    },
  };
}

function takenIn(solo: Solo): Row {
  return {
    line: 'b',
    what: `${solo.name}, taken in`,
    unit: 'rate',
    goal: { kind: 'best', factor: 2, among: 'all' },
    measure(engine, patience) {
      const { start, messages } = logOf(engine, solo);
      return perSecond(
        solo.edits.length,
        time(() => {
          const replica = engine.load(start, 2);
          return () => {
            for (const message of messages) replica.receive([message]);
            return () => same(replica.text(), solo.end);
          };
        }, patience),
      );
    },
  };
}

function allAtOnce(shape: Shape, n: number): Row {
  return {
    line: 'c',
    ...sized(shape, n),
    goal: { kind: 'best', factor: n === LARGEST ? 0.5 : 1, among: 'all' },
    measure(engine, patience) {
      const text = baseText();
      const base = engine.create(text);
      const mine = editsOf(shape, n, 1);
      const theirs = editsOf(shape, n, 2);
      const length = text.length + mergedGrowth(mine, theirs);
      return milliseconds(
        time(() => {
          const one = edited(engine.load(base, 1, 'gathered'), mine);
          const two = edited(engine.load(base, 2, 'gathered'), theirs);
          return () => {
            one.receive(two.flush());
            two.receive(one.flush());
            return () => {
              same(one.text(), two.text());
              sameLength(one.text(), length);
            };
          };
        }, patience),
      );
    },
  };
}

function oneByOne(shape: Shape, n: number): Row {
  return {
    line: 'd',
    ...sized(shape, n),
    goal: { kind: 'best', factor: n === LARGEST ? 0.5 : 1, among: 'all' },
    measure(engine, patience) {
      const text = baseText();
      const base = engine.create(text);
      const mine = editsOf(shape, n, 1);
      const theirs = editsOf(shape, n, 2);
      const two = engine.load(base, 2);
      const messages = passedOn(engine, two, theirs);
      const length = text.length + mergedGrowth(mine, theirs);
      let merged: string | null = null;
      return milliseconds(
        time(() => {
          const one = edited(engine.load(base, 1, 'gathered'), mine);
          return () => {
            for (const message of messages) one.receive([message]);
            return () => {
              sameLength(one.text(), length);
              if (merged === null) {
                two.receive(one.flush());
                merged = two.text();
              }
              same(one.text(), merged);
            };
          };
        }, patience),
      );
    },
  };
}

function nothingConfirmed(shape: Shape, n: number): Row {
  return {
    line: 'e',
    ...sized(shape, n),
    goal: { kind: 'best', factor: n === LARGEST ? 0.1 : 1, among: 'ordered' },
    measure(engine, patience) {
      const text = baseText();
      const base = engine.create(text);
      const mine = editsOf(shape, n, 1);
      const length = text.length + growth(mine);
      return milliseconds(
        time(() => {
          const one = engine.load(base, 1);
          const two = engine.load(base, 2);
          return () => {
            edited(one, mine);
            const messages = one.flush();
            return () => {
              two.receive(messages);
              same(two.text(), one.text());
              sameLength(one.text(), length);
            };
          };
        }, patience),
      );
    },
  };
}

function fromLog(solo: Solo): Row {
  return {
    line: 'f',
    what: `${solo.name}, log of ${count(solo.edits.length)} edits`,
    unit: 'ms',
    goal: { kind: 'best', factor: 0.5, among: 'all' },
    measure(engine, patience) {
      const { start, messages } = logOf(engine, solo);
      return milliseconds(
        time(
          () => () => {
            const replica = engine.load(start, 2);
            replica.receive(messages);
            return opened(replica, solo.end);
          },
          patience,
        ),
      );
    },
  };
}

function fromSnapshot(solo: Solo): Row {
  return {
    line: 'f',
    what: `${solo.name}, snapshot`,
    unit: 'ms',
    goal: { kind: 'best', factor: 1, among: 'all' },
    measure(engine, patience) {
      const replica = engine.load(engine.create(solo.start), 1);
      for (const { at, remove, insert } of solo.edits) {
        replica.edit(at, remove, insert);
        replica.confirm();
      }
      const snapshot = replica.snapshot();
      return milliseconds(time(() => () => opened(engine.load(snapshot, 2), solo.end), patience));
    },
  };
}

/** The text is read and a key is typed into its middle. */
function opened(replica: Replica, end: string): () => void {
  const text = replica.text();
  const middle = end.length >> 1;
  replica.edit(middle, 0, 'x');
  return () => {
    same(text, end);
    same(replica.text(), `${end.slice(0, middle)}x${end.slice(middle)}`);
  };
}

function memory(solo: Solo): Row {
  return {
    line: 'g',
    what: `${solo.name}, memory of a server over the text`,
    unit: 'times',
    goal: { kind: 'limit', value: 1.3 },
    measure(engine) {
      const { snapshot, writer, edits } = endOf(engine, solo);
      const messages = edits.map(({ at, remove, insert }) => writer.send(at, remove, insert));
      const bytes = bytesHeld(() => {
        const host = engine.host(snapshot);
        for (const message of messages) host.receive([message]);
        return host;
      });
      const host = engine.host(snapshot);
      host.receive(messages);
      same(host.text(), solo.end);
      return once(bytes / Buffer.byteLength(solo.end));
    },
  };
}

function wire(solo: Solo): Row {
  return {
    line: 'g',
    what: `${solo.name}, bytes of a keystroke`,
    unit: 'bytes',
    goal: { kind: 'limit', value: 40 },
    measure(engine) {
      const { writer, edits } = endOf(engine, solo);
      const messages = passedOn(engine, writer, edits);
      const carry = engine.connection();
      const bytes = messages.reduce((sum, message) => sum + carry(message), 0);
      return once(bytes / messages.length);
    },
  };
}

function together(pair: Pair): Row {
  return {
    line: 'h',
    what: `${pair.name}, ${count(pair.turns.length)} edits`,
    unit: 'ms',
    goal: { kind: 'best', factor: 0.5, among: 'all' },
    measure(engine, patience) {
      const { turns, length, end } = rehearse(pair, engine.session());
      const timing = time(() => {
        const session = engine.session();
        return () => {
          perform(turns, session);
          return () => {
            const [server, ...people] = session.texts();
            for (const text of people) same(text, server!);
            sameLength(server!, length);
            if (end !== null) same(server!, end);
          };
        };
      }, patience);
      return scaled(milliseconds(timing), 1 / pair.turns.length);
    },
  };
}

const logs = new Map<Solo, { start: Uint8Array; messages: readonly Uint8Array[] }>();

/** Every edit as a message of its own, as others are sent it. */
function passedOn(engine: Engine, writer: Replica, edits: readonly Edit[]): readonly Uint8Array[] {
  const relay = engine.relay?.() ?? ((message) => message);
  return edits.map(({ at, remove, insert }) => relay(writer.send(at, remove, insert)));
}

/** Every edit of a session as others are sent it. */
function logOf(engine: Engine, solo: Solo): { start: Uint8Array; messages: readonly Uint8Array[] } {
  const known = logs.get(solo);
  if (known !== undefined) return known;
  const start = engine.create(solo.start);
  const writer = engine.load(start, 1);
  const messages = passedOn(engine, writer, solo.edits);
  const log = { start, messages };
  logs.set(solo, log);
  return log;
}

/** A snapshot before the last edits of a session, and a copy at that point with the edits that it is to make. */
function endOf(
  engine: Engine,
  solo: Solo,
): { snapshot: Uint8Array; writer: Replica; edits: readonly Edit[] } {
  const from = Math.max(0, solo.edits.length - LAST_EDITS);
  const writer = engine.load(engine.create(solo.start), 1);
  for (const { at, remove, insert } of solo.edits.slice(0, from)) {
    writer.edit(at, remove, insert);
    writer.confirm();
  }
  writer.flush();
  const snapshot = writer.snapshot();
  return { snapshot, writer, edits: solo.edits.slice(from) };
}

function edited(replica: Replica, edits: ReturnType<typeof editsOf>): Replica {
  for (const { at, remove, insert } of edits) replica.edit(at, remove, insert);
  return replica;
}

function longest(solos: readonly Solo[]): Solo {
  return solos.toSorted((a, b) => b.edits.length - a.edits.length)[0]!;
}

function sized(shape: Shape, n: number): Pick<Row, 'what' | 'unit' | 'series' | 'n'> {
  const series = shape === 'typed' ? 'typed in one place' : 'scattered over 50 kB';
  return { what: `${series}, N = ${count(n)}`, unit: 'ms', series, n };
}

function count(number: number): string {
  return number.toLocaleString('en');
}

type Timing = ReturnType<typeof time>;

function milliseconds({ ms, least, most, runs }: Timing): Figure {
  return { value: ms, least, most, runs };
}

function perSecond(edits: number, { ms, least, most, runs }: Timing): Figure {
  return {
    value: (edits / ms) * 1000,
    least: (edits / most) * 1000,
    most: (edits / least) * 1000,
    runs,
  };
}

function scaled({ value, least, most, runs }: Figure, by: number): Figure {
  return { value: value * by, least: least * by, most: most * by, runs };
}

function once(value: number): Figure {
  return { value, least: value, most: value, runs: 1 };
}

function same(text: string, expected: string): void {
  if (text !== expected) {
    throw new Error(`another text came out: ${text.length} units for ${expected.length}`);
  }
}

function sameLength(text: string, length: number): void {
  if (text.length !== length) throw new Error(`${text.length} units came out for ${length}`);
}
