import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './e2e/harness/eventually.ts';
import { LongestFirst } from './scripts/test/longest-first.mjs';

/**
 * Files of real servers, containers and browsers that run at once. They wait for a clock, a process or one page much of
 * the time. Of two processors, one file alone takes less than one.
 */
const SIDE_BY_SIDE = 2;

/** Files of hostile code that takes all it can, or that ask how much it leaves to others: nothing else may take from it. */
const ALONE = [
  'apps/runner/test/integration/attacks-on-others.test.ts',
  'apps/runner/test/integration/attacks-on-the-sandbox.test.ts',
  'apps/server/test/integration/fuzz.test.ts',
];

/** Files of the server that run code: they come when there is a sandbox, as those of the runner do. */
const WITH_SANDBOX = [
  'apps/server/test/integration/attacks-on-the-rest.test.ts',
  'apps/server/test/integration/formatters.test.ts',
  'apps/server/test/integration/runner.test.ts',
];

/** Properties take their seed from `SEED`, if there is one. */
const setupFiles = process.env.SEED === undefined ? [] : ['packages/ot/testing/seed.ts'];

/**
 * Files of end-to-end tests that wait for a clock, or for something to come back, most of the time: `npm test` has them in
 * a process beside the others. They have servers of their own.
 */
const WAITING = [
  'e2e/crash-*.test.ts',
  'e2e/pair-timer.test.ts',
  'e2e/server-killed.test.ts',
  'e2e/sync-random.test.ts',
];

/**
 * Files of end-to-end tests that measure how soon a page answers, or whose pages take the whole machine. They have servers
 * of their own.
 */
const MEASURING = ['e2e/call.test.ts', 'e2e/one-long-line.test.ts'];

/** Files that replace a module. In the others a module is loaded once for all files of a thread. */
const MOCKING = ['apps/server/test/unit/text-units.test.ts'];

/** A hang is what its time limit is against: on a busy machine a property takes several times as long. */
const UNIT = { setupFiles, testTimeout: 60_000, pool: 'threads', maxWorkers: '100%' } as const;

const INTEGRATION = {
  setupFiles,
  testTimeout: 120_000,
  hookTimeout: 300_000,
  maxWorkers: SIDE_BY_SIDE,
} as const;

const E2E = {
  testTimeout: 240_000,
  hookTimeout: 900_000,
  // By itself it is a second.
  expect: { poll: { timeout: PATIENCE_MS } },
  // One browser and set of regulars for all files of a process: most of what a test takes is loading a page.
  isolate: false,
} as const;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...UNIT,
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/*/test/unit/**/*.test.{ts,tsx}',
            'scripts/test/**/*.test.ts',
          ],
          exclude: MOCKING,
          isolate: false,
        },
      },
      { test: { ...UNIT, name: 'unit-alone', include: MOCKING, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...INTEGRATION,
          name: 'integration-server',
          include: ['apps/server/test/integration/**/*.test.ts'],
          exclude: [...ALONE, ...WITH_SANDBOX],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...INTEGRATION,
          name: 'integration',
          include: ['apps/runner/test/integration/**/*.test.ts', ...WITH_SANDBOX],
          exclude: ALONE,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'integration-alone',
          include: ALONE,
          // What is hostile to a machine that is full already takes its time.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          ...E2E,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [...WAITING, ...MEASURING],
          maxWorkers: SIDE_BY_SIDE,
          globalSetup: ['e2e/harness/clear-failures.ts', 'e2e/harness/shared-server.ts'],
          sequence: { groupOrder: 5 },
        },
      },
      {
        test: {
          ...E2E,
          name: 'e2e-alone',
          include: MEASURING,
          fileParallelism: false,
          sequence: { groupOrder: 6 },
        },
      },
      {
        test: {
          ...E2E,
          name: 'e2e-waiting',
          include: WAITING,
          fileParallelism: false,
          // Ports that the other process gives to no server.
          env: { TEST_PORTS: '24000' },
          sequence: { groupOrder: 7 },
        },
      },
    ],
  },
});
