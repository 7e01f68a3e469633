// Everything at once that no page of ours sends, for a while, at a server with honest people in it. The seed is printed;
// FUZZ_SEED replays it, FUZZ_SECONDS says for how long, FUZZ_ONLY takes the inputs whose kind contains it.
import { LIMITS } from '@codesync/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { startTarget, type Target } from '../fuzz/target.ts';

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000);
const seconds = Number(process.env.FUZZ_SECONDS ?? 30);
const only = process.env.FUZZ_ONLY ?? '';
const MB = 1_000_000;
/** What the server may use more than before when all is over. */
const KEPT_BYTES = 64 * MB;
/** What may be resident more than before when all is over: freed memory that the allocator keeps, too. */
const RESIDENT_BYTES = 600 * MB;
/** The most that may ever be resident. */
const PEAK_BYTES = 1_500 * MB;

let target: Target;

beforeAll(async () => {
  target = await startTarget();
});

afterAll(async () => {
  expect(await target.stop()).toBe('code 0');
});

test(
  `hostile clients: no crash, no leak, no one else disturbed (FUZZ_SEED=${seed})`,
  async () => {
    const report = await fuzz(target, { seed, seconds, only });
    console.log(JSON.stringify(report, null, 1));
    expect(report.breaches).toEqual([]);
    expect(report.wordsTyped).toBeGreaterThan(0);
    if (only === '') {
      for (const code of ['protocol.malformed', 'role.viewer', 'file.unknown', 'edit.future']) {
        expect(report.refusals).toHaveProperty([code]);
      }
      expect(report.crowd).toBeGreaterThan(0);
    }
    expect(report.crowd).toBeLessThanOrEqual(LIMITS.clientsPerAddress);
    const { before, after } = report.memory;
    expect(after.heap + after.external - before.heap - before.external).toBeLessThan(KEPT_BYTES);
    expect(after.resident - before.resident).toBeLessThan(RESIDENT_BYTES);
    expect(after.peak).toBeLessThan(PEAK_BYTES);
  },
  (seconds + 240) * 1_000,
);
