/**
 * When something grows that should not. Pure.
 *
 * Under load, the growth is the slope of the samples after the first third, times their time. By Theil and Sen, the
 * slope is the median of those of all pairs: a third of wild samples cannot move it. At rest, the growth is the median of
 * the samples after the load less that of those before it. It may be what is allowed and no more.
 */
import { median } from '../lib/stats.ts';
import type { Sample } from './sample.ts';
import { totalOf } from './usage.ts';

export type Unit = 'bytes' | 'count';

/** Something that is measured in every sample, and what it may grow by: so much, or a share of its median. */
export type Measure = {
  readonly what: string;
  readonly unit: Unit;
  readonly of: (sample: Sample) => number;
  readonly load: { readonly least: number; readonly share: number };
  readonly rest: { readonly least: number; readonly share: number };
};

const MiB = 1024 * 1024;

export const MEASURES: readonly Measure[] = [
  {
    what: 'server, live heap',
    unit: 'bytes',
    of: ({ server }) => server.heap,
    load: { least: 4 * MiB, share: 0.05 },
    rest: { least: 4 * MiB, share: 0.05 },
  },
  {
    what: 'server, buffers',
    unit: 'bytes',
    of: ({ server }) => server.buffers,
    load: { least: 8 * MiB, share: 0.1 },
    rest: { least: 4 * MiB, share: 0.1 },
  },
  {
    what: 'server, resident memory',
    unit: 'bytes',
    of: ({ server }) => server.resident,
    load: { least: 24 * MiB, share: 0.1 },
    rest: { least: 32 * MiB, share: 0.15 },
  },
  {
    what: 'runner, live heap',
    unit: 'bytes',
    of: ({ runner }) => runner.heap,
    load: { least: 2 * MiB, share: 0.05 },
    rest: { least: 2 * MiB, share: 0.05 },
  },
  {
    what: 'runner, buffers',
    unit: 'bytes',
    of: ({ runner }) => runner.buffers,
    load: { least: 8 * MiB, share: 0.1 },
    rest: { least: 8 * MiB, share: 0.1 },
  },
  {
    what: 'runner, resident memory',
    unit: 'bytes',
    of: ({ runner }) => runner.resident,
    load: { least: 24 * MiB, share: 0.1 },
    rest: { least: 32 * MiB, share: 0.15 },
  },
  {
    what: 'database, memory not shared',
    unit: 'bytes',
    of: ({ database }) => database.memory,
    // As many connections more or less as a busy moment makes.
    load: { least: 48 * MiB, share: 0.1 },
    rest: { least: 16 * MiB, share: 0.15 },
  },
  {
    what: 'server, handles',
    unit: 'count',
    of: ({ server }) => totalOf(server.handles),
    load: { least: 8, share: 0.05 },
    rest: { least: 2, share: 0 },
  },
  {
    what: 'server, sockets',
    unit: 'count',
    of: ({ server }) => server.handles.socket ?? 0,
    load: { least: 8, share: 0.05 },
    rest: { least: 2, share: 0 },
  },
  {
    what: 'runner, handles',
    unit: 'count',
    of: ({ runner }) => totalOf(runner.handles),
    load: { least: 6, share: 0.1 },
    rest: { least: 2, share: 0 },
  },
  {
    what: 'database, handles',
    unit: 'count',
    of: ({ database }) => totalOf(database.handles),
    // A connection opens some twenty.
    load: { least: 100, share: 0.1 },
    rest: { least: 24, share: 0.15 },
  },
  {
    what: 'threads, server and runner',
    unit: 'count',
    of: ({ server, runner }) => server.threads + runner.threads,
    load: { least: 1, share: 0 },
    rest: { least: 1, share: 0 },
  },
  {
    what: 'database, processes',
    unit: 'count',
    of: ({ database }) => database.processes,
    load: { least: 3, share: 0 },
    rest: { least: 3, share: 0 },
  },
  {
    what: 'containers',
    unit: 'count',
    of: ({ containers }) => containers,
    // A pool that was behind and has caught up is no growth.
    load: { least: 10, share: 0 },
    rest: { least: 0, share: 0 },
  },
  {
    what: 'table room, with its indexes',
    unit: 'bytes',
    of: ({ tables }) => sizeOf(tables.room),
    load: { least: MiB / 4, share: 0.1 },
    rest: { least: MiB / 2, share: 0 },
  },
  {
    what: 'tables beside the log',
    unit: 'bytes',
    of: ({ tables }) =>
      Object.entries(tables)
        .filter(([name]) => !LOG_TABLES.includes(name) && name !== 'room')
        .reduce((sum, [, size]) => sum + sizeOf(size), 0),
    load: { least: 0, share: 0 },
    rest: { least: 0, share: 0 },
  },
  {
    what: 'files beside the database',
    unit: 'bytes',
    of: ({ otherFiles }) => otherFiles,
    load: { least: 64 * 1024, share: 0 },
    rest: { least: 64 * 1024, share: 0 },
  },
];

/** Tables that grow with what people do, and are judged by what they hold. */
const LOG_TABLES = ['room_event', 'room_keyframe'];

export function sizeOf(size: Sample['tables'][string] | undefined): number {
  return size === undefined ? 0 : size.bytes + size.indexes;
}

export type Verdict = {
  readonly what: string;
  readonly unit: Unit;
  /** At rest before the load; the medians of the thirds of the load; at rest after it. */
  readonly before: number;
  readonly thirds: readonly [number, number, number];
  readonly after: number;
  readonly growth: number;
  readonly allowed: number;
  readonly kept: number;
  readonly allowedKept: number;
  readonly holds: boolean;
};

/** @param before @param after samples of the product at rest @param load those between, in order */
export function judge(
  measure: Measure,
  before: readonly Sample[],
  load: readonly Sample[],
  after: readonly Sample[],
): Verdict {
  const { what, unit, of } = measure;
  const third = Math.ceil(load.length / 3);
  const parts = [0, 1, 2].map((n) => load.slice(n * third, (n + 1) * third).map(of));
  const thirds = parts.map(medianOrNone) as [number, number, number];
  const steady = load.slice(third);
  const growth = growthOf(steady.map((sample) => ({ x: sample.at, y: of(sample) })));
  const allowed = allowance(measure.load, medianOrNone(steady.map(of)));
  const start = medianOrNone(before.map(of));
  const end = medianOrNone(after.map(of));
  const allowedKept = allowance(measure.rest, start);
  const kept = end - start;
  const holds = growth <= allowed && kept <= allowedKept;
  return { what, unit, before: start, thirds, after: end, growth, allowed, kept, allowedKept, holds };
}

/** By how much the points' line rises from the first to the last. */
function growthOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const dx = points[j]!.x - points[i]!.x;
      if (dx > 0) slopes.push((points[j]!.y - points[i]!.y) / dx);
    }
  }
  if (slopes.length === 0) return 0;
  return median(slopes) * (points.at(-1)!.x - points[0]!.x);
}

function allowance({ least, share }: Measure['load'], of: number): number {
  return Math.max(least, share * of);
}

function medianOrNone(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : median(values);
}
