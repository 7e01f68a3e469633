// How many runs may wait, all together and of one network.
import { RUNNER_LIMITS, type RunnerStart } from '@codesync/protocol';
import { ManualClock, runId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { BinaryCache } from '../../src/binary-cache.ts';
import { Pool } from '../../src/pool.ts';
import type { PoolKey } from '../../src/profiles.ts';
import type { RunEvent } from '../../src/run.ts';
import { Runs } from '../../src/runs.ts';
import type { Sandbox } from '../../src/sandbox.ts';

/** Runs that all wait: no sandbox ever becomes ready. */
function setUp() {
  const clock = new ManualClock();
  const pool = new Pool<PoolKey, Sandbox>(
    { create: () => new Promise(() => {}), destroy: () => Promise.resolve(), watch: () => {} },
    {
      warm: { python: 1, javascript: 1, go: 1, rust: 1, workspace: 0 },
      startingAtOnce: 1,
      startingForWaiting: 1,
      slots: 4,
      shares: [{ keys: ['python', 'javascript', 'go', 'rust', 'workspace'], busy: 4 }],
    },
    clock,
    () => {},
  );
  pool.open();
  const runs = new Runs({
    pool,
    cache: new BinaryCache(1, 1),
    image: () => 'image',
    unready: () => null,
    clock,
    log: () => {},
  });
  let count = 0;
  /** Starts a run in a room of its own; what is heard of it at once. */
  const start = (network: string): RunEvent[] => {
    const heard: RunEvent[] = [];
    const run: RunnerStart = {
      type: 'run.start',
      run: runId(`run-${++count}`),
      room: `room-${count}`,
      network,
      language: 'python',
      entry: 'main.py',
      files: [{ path: 'main.py', text: '' }],
    };
    runs.start(run, (event) => heard.push(event));
    return heard;
  };
  return { start };
}

const QUEUED = { type: 'run.phase', phase: 'queued' };
const refused = (sentence: RegExp) => ({
  type: 'run.ended',
  reason: 'infrastructure',
  message: expect.stringMatching(sentence),
});

test('one network cannot fill the queue, and is told so; others wait as before', () => {
  const { start } = setUp();
  for (let i = 0; i < RUNNER_LIMITS.queuePerNetwork; i++) expect(start('one')[0]).toMatchObject(QUEUED);
  expect(start('one')).toMatchObject([refused(/your network address wait already.*Try again/)]);
  expect(start('other')[0]).toMatchObject(QUEUED);
});

test('the queue has an end for all networks together', () => {
  const { start } = setUp();
  for (let i = 0; i < RUNNER_LIMITS.queue; i++) expect(start(`network-${i}`)[0]).toMatchObject(QUEUED);
  expect(start('another')).toMatchObject([refused(/runs wait already\. Try again/)]);
});
