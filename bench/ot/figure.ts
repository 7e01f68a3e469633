/** What was measured for a row, with its spread. */
import type { Timing } from '../lib/stats.ts';

export type Figure = {
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
};

export function milliseconds({ ms, least, most, runs }: Timing): Figure {
  return { value: ms, least, most, runs };
}

export function perSecond(edits: number, { ms, least, most, runs }: Timing): Figure {
  return {
    value: (edits / ms) * 1000,
    least: (edits / most) * 1000,
    most: (edits / least) * 1000,
    runs,
  };
}

export function scaled({ value, least, most, runs }: Figure, by: number): Figure {
  return { value: value * by, least: least * by, most: most * by, runs };
}

export function once(value: number): Figure {
  return { value, least: value, most: value, runs: 1 };
}
