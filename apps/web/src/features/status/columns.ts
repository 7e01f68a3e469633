// Measurements as the columns of a small chart. Pure.
import { MEASURES_MS, type Sample } from '../../room-source/measures.ts';

/** How long charts may be: the shortest that holds what there is. */
const LENGTHS_MS = [60_000, 2 * 60_000, MEASURES_MS];

/** The longest of each column's measurements, null where none was made; the last column ends `now`. */
export function columns(samples: readonly Sample[], now: number, count: number): (number | null)[] {
  const shown = samples.filter(({ at }) => at > now - MEASURES_MS);
  const age = now - (shown[0]?.at ?? now);
  const length = LENGTHS_MS.find((ms) => ms >= age) ?? MEASURES_MS;
  // Columns stand still in time: one that is complete never changes.
  const width = length / count;
  const last = Math.floor(now / width);
  const tops = Array<number | null>(count).fill(null);
  for (const { at, ms } of shown) {
    const column = count - 1 - last + Math.floor(at / width);
    if (column >= 0 && column < count) tops[column] = Math.max(tops[column] ?? 0, ms);
  }
  return tops;
}
