/** Judging what a busy machine disturbs: it may spoil a try, but not most of them. */
import { expect } from 'vitest';

export const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1]!;

export const rounded = (figures: readonly number[]) => figures.map((figure) => Math.round(figure)).join(' ');

/** A quorum of five in nine: what holds at the median holds in most tries. */
export const TRIES = 9;
export const NEEDED = 5;

/**
 * Tries until `NEEDED` tries have held, or so many have not that this cannot come about, and says how many held of
 * how many. Fails unless `NEEDED` of at most `TRIES` held.
 */
export async function expectQuorum(what: string, holds: () => Promise<boolean>): Promise<void> {
  let held = 0;
  let tried = 0;
  while (held < NEEDED && tried - held <= TRIES - NEEDED) {
    if (await holds()) held++;
    tried++;
  }
  console.log(`${what}: held in ${held} of ${tried}`);
  expect(held, `${what}: held in ${held} of ${tried} tries`).toBeGreaterThanOrEqual(NEEDED);
}
