/** Where a keystroke's time goes in CodeSync's server, as its own histograms tell (`/metrics`, Prometheus' text). */

/** Values of one histogram: how many were at most each bound, which grow and end with infinity. Bounds are ms. */
type Histogram = { readonly bounds: readonly number[]; readonly counts: readonly number[] };

export type Stages = {
  /** From the server's socket until everyone in the room has been told. */
  readonly server: Histogram;
  /** One statement of its database: from the question to the answer, the flush to the disk included. */
  readonly statement: Histogram;
};

/** Reads both out of what `/metrics` answers. */
export function stagesOf(metrics: string): Stages {
  return {
    server: histogram(metrics, 'codesync_edit_seconds'),
    statement: histogram(metrics, 'codesync_commit_seconds'),
  };
}

/** What was counted between two readings. */
export function between(before: Stages, after: Stages): Stages {
  const less = (one: Histogram, other: Histogram): Histogram => ({
    bounds: one.bounds,
    counts: one.counts.map((count, i) => count - other.counts[i]!),
  });
  return { server: less(after.server, before.server), statement: less(after.statement, before.statement) };
}

/** The value below which `share` (0 to 1) of the values lie, straight between the bounds around it; null for none. */
export function quantileOf({ bounds, counts }: Histogram, share: number): number | null {
  const all = counts.at(-1) ?? 0;
  if (all === 0) return null;
  const wanted = share * all;
  const bucket = counts.findIndex((count) => count >= wanted);
  const low = bounds[bucket - 1] ?? 0;
  const high = bounds[bucket]!;
  const below = counts[bucket - 1] ?? 0;
  if (high === Number.POSITIVE_INFINITY) return low;
  return low + ((high - low) * (wanted - below)) / Math.max(1, counts[bucket]! - below);
}

function histogram(metrics: string, name: string): Histogram {
  const buckets = [...metrics.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)$`, 'gm'))];
  if (buckets.length === 0) throw new Error(`/metrics has no ${name}`);
  return {
    bounds: buckets.map(([, le]) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) * 1000)),
    counts: buckets.map(([, , count]) => Number(count)),
  };
}
