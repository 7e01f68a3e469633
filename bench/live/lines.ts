/** The lines of the table: what each does to a server, what it measures, and what CodeSync is to reach in it. */
import { setTimeout as pause } from 'node:timers/promises';
import { processorUs, residentBytes } from '../lib/processes.ts';
import { median, quantile } from '../lib/stats.ts';
import type { Peer, PeerServer } from './peer.ts';
import { between, quantileOf, type Stages } from './stages.ts';
import { abreast, type Stretch, Typists } from './typists.ts';

/** How long and how large everything is. */
export type Size = {
  readonly windows: number;
  readonly windowMs: number;
  /** Windows of a few slow typists are longer: of few keystrokes, a 99th percentile says nothing. */
  readonly windowKeystrokes: number;
  readonly searches: number;
  readonly levelMs: number;
  readonly idleRooms: number;
  /** How often a line that wants fresh servers is measured. */
  readonly fills: number;
};
export const FULL: Size = {
  windows: 5,
  windowMs: 2_000,
  windowKeystrokes: 40,
  searches: 5,
  levelMs: 800,
  idleRooms: 1_000,
  fills: 5,
};
export const QUICK: Size = {
  windows: 5,
  windowMs: 250,
  windowKeystrokes: 10,
  searches: 1,
  levelMs: 400,
  idleRooms: 100,
  fills: 1,
};

export type Unit = 'ms' | 'us' | 'bytes' | 'perSecond';

/** What CodeSync is to reach: a figure of its own, or one beside the others'. */
export type Goal =
  | { readonly kind: 'below'; readonly value: number }
  | { readonly kind: 'atLeast'; readonly value: number }
  /** No more than the echo's and this much. */
  | { readonly kind: 'nearEcho'; readonly slack: number }
  | { readonly kind: 'belowEcho' }
  | { readonly kind: 'atLeastEcho' }
  /** Less than each of the others', the echo left aside: it keeps nothing and merges nothing. */
  | { readonly kind: 'belowAll' };

export type Metric = { readonly what: string; readonly unit: Unit; readonly goal?: Goal };

/** A server of a peer that is up. */
export type Running = { readonly peer: Peer; readonly server: PeerServer };

/** A figure for each metric of a line; null where there is none. A fault is a sentence about what went wrong. */
export type Outcome = { readonly figures: readonly (number | null)[]; readonly fault: string | null };

export type Line = {
  readonly title: string;
  readonly metrics: readonly Metric[];
  /** True when the line wants servers that did nothing before. */
  readonly fresh: boolean;
  /** Measures all peers, in windows by turns, so that what disturbs the machine disturbs them alike. */
  measure(running: readonly Running[], size: Size): Promise<Outcome[]>;
};

/** A keystroke may take so long to arrive before it counts as missing. */
const PATIENCE_MS = 5_000;
/** A rate is held while the slowest hundredth of the keystrokes take no longer. */
const HELD_MS = 250;
/** At rest a server takes less than this share of a processor; it is given a minute to come to that. */
const AT_REST = 0.05;
const REST_LOOK_MS = 200;
const REST_LOOKS = 300;
/**
 * Keystrokes a second below and above which no search goes. Above, it would measure how keys are merged rather than
 * how they are told, in files that nobody types.
 */
const LEAST_RATE = 10;
const MOST_RATE = 128_000;
/**
 * Before anything is measured everybody types for so long, at this rate together or, where there are many, each a few
 * keys: what runs often is compiled by then, and what is said once of an author has been said.
 */
const WARM_UP_MS = 3_000;
const WARM_UP_RATE = 100;
const WARM_UP_KEYS = 6;

export const LINES = {
  '2x5': typing(2, 5, {}),
  '10x5': typing(10, 5, {}),
  '50x2': typing(50, 2, { p99: { kind: 'belowAll' } }),
  '100x0.5': typing(100, 0.5, { p99: { kind: 'belowAll' }, processor: { kind: 'belowEcho' } }),
  '100x2': typing(100, 2, { p99: { kind: 'below', value: 50 }, processor: { kind: 'belowEcho' } }),
  rooms: overRooms(200, 2, 2_000),
  highest10: highest(10, 1_000, { keystrokes: { kind: 'atLeastEcho' } }),
  highest50: highest(50, 500, { deliveries: { kind: 'atLeast', value: 350_000 } }),
  idle: idle(5),
} as const satisfies Readonly<Record<string, Line>>;

export type LineName = keyof typeof LINES;

type TypingGoals = {
  readonly p50?: Goal;
  readonly p99?: Goal;
  readonly processor?: Goal;
  readonly bytes?: Goal;
};

/** What is measured of typing, in the order of `typingFigures`. */
function typingMetrics({ p50, p99, processor, bytes }: TypingGoals): Metric[] {
  return [
    { what: 'to remote apply, p50', unit: 'ms', ...(p50 && { goal: p50 }) },
    { what: 'to remote apply, p99', unit: 'ms', ...(p99 && { goal: p99 }) },
    { what: 'server CPU per keystroke', unit: 'us', ...(processor && { goal: processor }) },
    { what: 'its database’s CPU per keystroke', unit: 'us' },
    { what: 'bytes per delivered keystroke', unit: 'bytes', ...(bytes && { goal: bytes }) },
    { what: 'socket to everyone told, p50', unit: 'ms' },
    { what: 'socket to everyone told, p99', unit: 'ms' },
    { what: 'statement of the database, p50', unit: 'ms' },
    { what: 'statement of the database, p99', unit: 'ms' },
  ];
}

function typingFigures(
  stretch: Stretch,
  used: Used,
  bytes: number,
  hasDatabase: boolean,
  stages: Stages | null,
): (number | null)[] {
  return [
    quantile(stretch.ms, 0.5),
    quantile(stretch.ms, 0.99),
    used.server / stretch.typed,
    hasDatabase ? used.database / stretch.typed : null,
    bytes / stretch.ms.length,
    ...[stages?.server, stages?.statement].flatMap((stage) =>
      [0.5, 0.99].map((share) => (stage === undefined ? null : quantileOf(stage, share))),
    ),
  ];
}

/** People typing at their own pace in one file. */
function typing(typists: number, each: number, goals: TypingGoals): Line {
  return {
    title: `${typists} typists in one file, ${each} keys/s each`,
    fresh: false,
    metrics: typingMetrics({
      p50: { kind: 'nearEcho', slack: 3 },
      bytes: { kind: 'below', value: 40 },
      ...goals,
    }),
    measure: (running, size) => windows(running, size, 1, typists, typists * each),
  };
}

/** Many rooms, each with a few people. */
function overRooms(rooms: number, each: number, rate: number): Line {
  return {
    title: `${rate.toLocaleString('en')} keys/s over ${rooms} rooms of ${each}`,
    fresh: false,
    metrics: typingMetrics({ p99: { kind: 'below', value: 50 } }),
    measure: (running, size) => windows(running, size, rooms, each, rate),
  };
}

type Used = { readonly server: number; readonly database: number };

/** Medians over windows of typing. */
async function windows(
  running: readonly Running[],
  { windows, windowMs, windowKeystrokes }: Size,
  rooms: number,
  each: number,
  rate: number,
): Promise<Outcome[]> {
  const seated: Typists[] = [];
  for (const { server } of running) seated.push(await Typists.seat(server, rooms, each));
  const warmUpRate = Math.max(WARM_UP_RATE, (WARM_UP_KEYS * rooms * each * 1000) / WARM_UP_MS);
  for (const typists of seated) await typists.type(warmUpRate, WARM_UP_MS, PATIENCE_MS, false);
  const figures: (number | null)[][][] = running.map(() => []);
  const faults: (string | null)[] = running.map(() => null);
  for (let window = 0; window < windows; window++) {
    for (const [i, { server }] of running.entries()) {
      if (faults[i] !== null) continue;
      const typists = seated[i]!;
      const pids = server.processes();
      const before = { stages: await server.stages(), used: usedBy(pids), bytes: typists.received() };
      const ms = Math.max(windowMs, (1000 * windowKeystrokes) / rate);
      const stretch = await typists.type(rate, ms, PATIENCE_MS, false);
      const after = usedBy(pids);
      const used = {
        server: after.server - before.used.server,
        database: after.database - before.used.database,
      };
      if (stretch.missing > 0) faults[i] = 'keystrokes did not arrive in time';
      const bytes = typists.received() - before.bytes;
      const told = await server.stages();
      const stages = before.stages === null || told === null ? null : between(before.stages, told);
      figures[i]!.push(typingFigures(stretch, used, bytes, pids.database.length > 0, stages));
    }
  }
  return Promise.all(
    seated.map(async (typists, i) => {
      const fault = faults[i] ?? (await typists.fault(running[i]!.peer.converges));
      typists.leave();
      return { figures: medians(figures[i]!), fault };
    }),
  );
}

type HighestGoals = { readonly keystrokes?: Goal; readonly deliveries?: Goal };

/**
 * The highest rate that is held: doubled until it is not or is `MOST_RATE` (or halved until it is), then searched for in
 * between.
 */
function highest(typists: number, from: number, { keystrokes, deliveries }: HighestGoals): Line {
  return {
    title: `Highest rate held up to ${MOST_RATE.toLocaleString('en')} keys/s, ${typists} typists in one file`,
    fresh: false,
    metrics: [
      { what: 'keystrokes/s', unit: 'perSecond', ...(keystrokes && { goal: keystrokes }) },
      { what: 'deliveries/s', unit: 'perSecond', ...(deliveries && { goal: deliveries }) },
    ],
    async measure(running, size) {
      const rates: number[][] = running.map(() => []);
      const faults: (string | null)[] = running.map(() => null);
      for (const { server } of running) await warmUp(server, typists, from);
      for (let round = 0; round < size.searches; round++) {
        for (const [i, { server, peer }] of running.entries()) {
          // Later searches need not climb all the way.
          const first = round === 0 ? from : Math.max(LEAST_RATE, median(rates[i]!) / 2);
          const { rate, fault } = await search(server, peer.converges, typists, first, size.levelMs);
          await atRest(server);
          rates[i]!.push(rate);
          faults[i] ??= fault;
        }
      }
      return rates.map((found, i) => {
        const rate = median(found);
        return { figures: [rate, rate * (typists - 1)], fault: faults[i]! };
      });
    },
  };
}

/** Each rate is tried in a file of its own: what was typed at the lower ones would come to be more than a file holds. */
async function search(
  server: PeerServer,
  converges: boolean,
  typists: number,
  from: number,
  ms: number,
): Promise<{ rate: number; fault: string | null }> {
  let held = 0;
  let fault: string | null = null;
  /** Keystrokes were still on their way when nobody waited any longer: the server is busy with them. */
  let lost = false;
  const holds = async (rate: number): Promise<boolean> => {
    // Whatever else the machine does may spoil one try.
    for (let attempt = 0; attempt < 2 && !lost; attempt++) {
      const seated = await Typists.seat(server, 1, typists);
      const { ms: took, missing, typed } = await seated.type(rate, ms, PATIENCE_MS, true);
      lost = missing > 0;
      const isHeld = !lost && typed >= Math.round((rate * ms) / 1000) && quantile(took, 0.99) <= HELD_MS;
      if (!lost) fault ??= await seated.fault(converges);
      seated.leave();
      await pause(200);
      if (!isHeld) continue;
      held = rate;
      return true;
    }
    return false;
  };
  let high = from;
  if (await holds(high)) {
    do high = Math.min(2 * high, MOST_RATE);
    while (held < high && (await holds(high)));
  }
  for (let low = from / 2; held === 0 && low >= LEAST_RATE && !lost && !(await holds(low)); low /= 2)
    high = low;
  for (let step = 0; step < 2 && held > 0 && held < high && !lost; step++) {
    const middle = Math.round(Math.sqrt(held * high));
    if (!(await holds(middle))) high = middle;
  }
  return { rate: held, fault };
}

/** Waits, but not for ever, until a server has done what nobody waits for any more: it would be in the others' way. */
async function atRest(server: PeerServer): Promise<void> {
  for (let look = 0; look < REST_LOOKS; look++) {
    const before = usedBy(server.processes());
    await pause(REST_LOOK_MS);
    const after = usedBy(server.processes());
    const usedMs = (after.server - before.server + after.database - before.database) / 1000;
    if (usedMs < AT_REST * REST_LOOK_MS) return;
  }
}

async function warmUp(server: PeerServer, typists: number, rate: number): Promise<void> {
  const seated = await Typists.seat(server, 1, typists);
  await seated.type(rate, WARM_UP_MS, PATIENCE_MS, true);
  seated.leave();
}

/** Many rooms with people who do nothing. */
function idle(each: number): Line {
  return {
    title: `Idle clients, ${each} to a room`,
    fresh: true,
    metrics: [
      { what: 'memory of the server, all in', unit: 'bytes', goal: { kind: 'below', value: 1_000_000_000 } },
      { what: 'memory of its database', unit: 'bytes' },
      { what: 'memory per room', unit: 'bytes' },
      { what: 'memory per client', unit: 'bytes' },
    ],
    async measure(running, { idleRooms }) {
      const outcomes: Outcome[] = [];
      for (const { server } of running) {
        const { server: pids } = server.processes();
        const empty = residentBytes(pids);
        const rooms = await abreast(idleRooms, () => server.room());
        const sit = (count: number) =>
          abreast(count * idleRooms, (i) => rooms[i % idleRooms]!.join(() => undefined));
        const first = await sit(1);
        await pause(500);
        const one = residentBytes(pids);
        const others = await sit(each - 1);
        await pause(500);
        const all = residentBytes(pids);
        const perClient = (all - one) / others.length;
        const perRoom = (one - empty) / idleRooms - perClient;
        const { database } = server.processes();
        const figures = [
          all,
          database.length > 0 ? residentBytes(database) : null,
          Math.max(0, perRoom),
          perClient,
        ];
        outcomes.push({ figures, fault: null });
        for (const replica of [...first, ...others]) replica.close();
      }
      return outcomes;
    },
  };
}

function usedBy({ server, database }: ReturnType<PeerServer['processes']>): Used {
  return { server: processorUs(server), database: processorUs(database) };
}

/** What a peer was measured at several times, as one: medians, and the first fault. */
export function inOne(outcomes: readonly Outcome[]): Outcome {
  return {
    figures: medians(outcomes.map(({ figures }) => figures)),
    fault: outcomes.find(({ fault }) => fault !== null)?.fault ?? null,
  };
}

function medians(windows: readonly (readonly (number | null)[])[]): (number | null)[] {
  return (windows[0] ?? []).map((first, i) =>
    first === null ? null : median(windows.map((figures) => figures[i] ?? 0)),
  );
}
