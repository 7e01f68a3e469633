// Everything at once that no page of ours sends, for a while, at a server with honest people in it. The seed is printed;
// SEED replays it, FUZZ_SECONDS says for how long, FUZZ_ONLY takes the inputs whose kind contains it.
import { seedOfTest } from '@codesync/ot/testing';
import { LIMITS } from '@codesync/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { startTarget, type Target } from '../fuzz/target.ts';

const seed = seedOfTest();
const seconds = Number(process.env.FUZZ_SECONDS ?? 30);
const only = process.env.FUZZ_ONLY ?? '';
const MB = 1_000_000;
/** What the server may use more than before when all is over. */
const KEPT_BYTES = 64 * MB;
/** What may be resident more than before when all is over: freed memory that the allocator keeps, too. */
const RESIDENT_BYTES = 600 * MB;
/** The most that may ever be resident. */
const PEAK_BYTES = 1_500 * MB;
/**
 * What the server may work, in ms of processor time, before somebody honest has a word saved. One that is held up by a
 * single message works on that; one that serves everybody in turn gets to the word, however long the machine takes.
 */
const WORK_BEFORE_WORD_MS = 3_000;
/** Refusals that must come, whatever the seed: each is what a hostile client meets that is not turned out. */
const REFUSALS_TO_MEET = [
  'protocol.malformed',
  'protocol.unjoined',
  'rate.exceeded',
  'rate.address',
  'role.viewer',
  'file.unknown',
  'edit.future',
];

let target: Target;

/** Throws when the server ends: much of the fuzz waits for it without a limit. */
async function ended({ end, faults }: Target): Promise<never> {
  const how = await end;
  throw new Error(`the server ended with ${how}: ${faults().join('\n')}`);
}

beforeAll(async () => {
  target = await startTarget();
});

afterAll(async () => {
  expect(await target.stop()).toBe('code 0');
});

test(
  `hostile clients: no crash, no leak, no one else disturbed (SEED=${seed})`,
  async () => {
    const report = await Promise.race([fuzz(target, { seed, seconds, only }), ended(target)]);
    console.log(JSON.stringify(report, null, 1));
    expect(report.breaches).toEqual([]);
    expect(Object.entries(report.inputs).filter(([, sent]) => sent === 0)).toEqual([]);
    expect(report.wordsTyped).toBeGreaterThan(0);
    expect(report.workBeforeWord).toBeLessThan(WORK_BEFORE_WORD_MS);
    if (report.crowd !== null) {
      expect(Object.keys(report.refusals)).toEqual(expect.arrayContaining(REFUSALS_TO_MEET));
      expect(report.crowd.letIn).toBeGreaterThan(LIMITS.clientsPerAddress * 0.9);
      expect(report.crowd.letIn).toBeLessThanOrEqual(LIMITS.clientsPerAddress);
      expect(report.crowd.leftWithoutAWord).toBe(0);
    }
    const { before, after } = report.memory;
    expect(after.heap + after.external - before.heap - before.external).toBeLessThan(KEPT_BYTES);
    expect(after.resident - before.resident).toBeLessThan(RESIDENT_BYTES);
    expect(after.peak).toBeLessThan(PEAK_BYTES);
  },
  (seconds + 240) * 1_000,
);
