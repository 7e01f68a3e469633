/** Chance that can be had again: `SEED=n` repeats what a test that printed `seed n` did, as far as clocks allow. */
export function seeded(): { readonly seed: number; readonly random: () => number } {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
  return { seed, random: mulberry32(seed) };
}

/** Tommy Ettinger's mulberry32: at least 0, below 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
