/** What an attack leaves to the runs beside it, and to the runner. */
import { readFileSync } from 'node:fs';
import type { RunnerStatus } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import type { ClientRun } from '../support/client.ts';
import { median, NEEDED, rounded, TRIES } from './quorum.ts';
import { poolsOf, skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (text: string, more: object = {}) => runner.run('python', { 'main.py': text }, more);

/** Milliseconds that a program in a room of its own takes, from its start to its end. */
async function ordinaryRun(program: string): Promise<number> {
  const began = performance.now();
  expect(await python(program).ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
  return performance.now() - began;
}
const smallRun = () => ordinaryRun('print("fine")');
/** One with some work to do, so that what is measured is its share of the processors and not who wakes up first. */
const workingRun = () => ordinaryRun('print(sum(n * n for n in range(3_000_000)))');

/** Milliseconds for a question to the runner and its answer, beside all that goes on. */
async function roundTrip(): Promise<number> {
  const { client } = runner;
  const before = client.problems.length;
  const began = performance.now();
  client.sendLine('{}');
  await client.until(() => client.problems.length > before);
  return performance.now() - began;
}

async function several(times: number, measure: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let n = 0; n < times; n++) figures.push(await measure());
  return median(figures);
}

/** What a hiccup of the kernel's may add. */
const SLACK_MS = 50;
const KILLED_MS = 200;

function isFull(status: RunnerStatus | null): boolean {
  return (
    status?.phase === 'ready' &&
    poolsOf(status).every(({ warm, wanted, busy }) => warm === wanted && busy === 0)
  );
}

/** Resolves when all sandboxes are ready after a run that has just ended, of which the status tells a moment later. */
async function fullAgain(): Promise<void> {
  const { status } = runner.client;
  await runner.client.until(() => runner.client.status !== status && isFull(runner.client.status));
}

/** What six programs that spin leave to others, and to each other, is the kernel's to share. */
const RATIO = 8;
const SPIN_SLACK_MS = 500;

const FORK_BOMB = 'import os\nprint("up")\nwhile True:\n    try: os.fork()\n    except OSError: pass';
const SPIN = 'print("up")\nwhile True: pass';
/** Honest programs that want all the processors: one for a moment, one in as many processes as a bomb has nearly. */
const BUSY = 'import os, time\nos.fork()\nend = time.time() + 0.3\nwhile time.time() < end: pass';
const CROWD = [
  'import os',
  'parent = all(os.fork() != 0 for _ in range(99))',
  'if parent: print("up", flush=True)',
  'while True: pass',
].join('\n');

const up = (run: ClientRun) => run.until(() => run.stdout.includes('up') || run.ends.length > 0);

function residentBytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${runner.child.pid}/status`, 'utf8'))![1]) * 1024;
}

describe.skipIf(skip)(`attacks on the others${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test.each([
    ['A1', 'a fork bomb', FORK_BOMB, 'pids'],
    ['A2', 'a memory bomb', 'x = []\nwhile True: x.append(bytearray(8 << 20))', 'memory'],
    ['A6', 'a flood', 'import os\nwhile True: os.write(1, b"y\\n" * 32768)', 'output'],
  ])(
    '[%s] a run in another room, started at the same moment as %s, takes at most twice its usual time',
    async (_, name, bomb, reason) => {
      const usual: number[] = [];
      const honest: number[] = [];
      const beside: number[] = [];
      // On a machine that others use as well, what an honest program takes of it is usual.
      const limit = () => 2 * Math.max(median(usual), median(honest)) + SLACK_MS;
      const fits = () => median(beside) <= limit();
      await runner.client.until(() => isFull(runner.client.status));
      while (usual.length < NEEDED || (usual.length < TRIES && !fits())) {
        usual.push(await workingRun());
        await fullAgain();
        const busy = python(BUSY);
        honest.push(await workingRun());
        await busy.ended();
        await fullAgain();
        const attack = python(bomb);
        beside.push(await workingRun());
        expect((await attack.ended()).reason).toBe(reason);
        await fullAgain();
      }
      const both = `ms usually: ${rounded(usual)}; beside one that is busy: ${rounded(honest)}`;
      console.log(`${both}; beside ${name}: ${rounded(beside)}`);
      expect(median(beside)).toBeLessThanOrEqual(limit());
    },
    TRIES * 40_000,
  );

  test('[A1] a fork bomb is gone within 200 ms of a cancel, beyond what an honest crowd takes', async () => {
    /** Null: it has met a limit of its own first, which says nothing of a cancel. */
    const cancelled = async (program: string): Promise<number | null> => {
      const run = python(program);
      await up(run);
      const asked = performance.now();
      run.stop();
      const { reason } = await run.ended();
      const ms = performance.now() - asked;
      expect(['stopped', 'pids', 'wall']).toContain(reason);
      return reason === 'stopped' ? ms : null;
    };
    const bombs: number[] = [];
    const crowds: number[] = [];
    for (let n = 0; n < 4 * TRIES && bombs.length < NEEDED; n++) {
      const usual = await cancelled(CROWD);
      if (usual !== null) crowds.push(usual);
      const ms = await cancelled(FORK_BOMB);
      if (ms !== null) bombs.push(ms);
    }
    console.log(`ms from cancel to end: ${rounded(bombs)}; of an honest crowd: ${rounded(crowds)}`);
    expect(bombs.length, 'fork bombs that were cancelled').toBe(NEEDED);
    expect(crowds.length, 'crowds that were cancelled').toBeGreaterThan(0);
    expect(median(bombs)).toBeLessThanOrEqual(KILLED_MS + Math.max(...crowds));
  });

  test('[A6] [A19] floods of output and of input leave the runner as large as it was', async () => {
    const flood = () => python('import os\nline = b"y\\n" * 32768\nwhile True: os.write(1, line)');
    await flood().ended();
    const before = residentBytes();
    for (let n = 0; n < 6; n++) expect((await flood().ended()).reason).toBe('output');
    const deaf = python('import time\ntime.sleep(1)');
    for (let n = 0; n < 160; n++) deaf.stdin('x'.repeat(64 * 1024));
    await deaf.ended();
    expect(residentBytes() - before).toBeLessThan(96 << 20);
  });

  test('[A18] what is written after the end appears in no run', async () => {
    const mark = 'written-after-the-end';
    const daemon = python(
      [
        'import os, time',
        'if os.fork() == 0:',
        '    os.setsid()',
        '    while True:',
        '        time.sleep(0.01)',
        `        os.write(1, b"${mark}")`,
        'print("done", flush=True)',
      ].join('\n'),
    );
    await daemon.ended();
    // How much it wrote until then depends on the machine; it was no part of the end.
    const atEnd = daemon.stdout;
    expect(atEnd.replaceAll(mark, '')).toBe('done\n');
    const later = [python('print(1)'), python('import time\ntime.sleep(0.5)\nprint(1)')];
    await Promise.all(later.map((run) => run.ended()));
    expect([daemon, ...later].map((run) => run.stdout)).toEqual([atEnd, '1\n', '1\n']);
  });

  test('[A40] six rooms that spin share what there is, and the runner answers', async () => {
    const usualRun = await several(5, smallRun);
    const usualAnswer = await several(20, roundTrip);
    const spinning = Array.from({ length: 6 }, () => python(SPIN, { limits: { wallMs: 6_000 } }));
    await Promise.all(spinning.map(up));
    const answer = await several(20, roundTrip);
    const run = await several(3, smallRun);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const one of spinning) one.stop();
    const ends = await Promise.all(spinning.map((one) => one.ended()));
    expect(answer).toBeLessThan(RATIO * usualAnswer + SPIN_SLACK_MS);
    expect(run).toBeLessThan(3 * RATIO * usualRun + SPIN_SLACK_MS);
    // Each gets a share of the processors by the time that it was there.
    const shares = ends.map(({ cpuMs, wallMs }) => cpuMs / wallMs);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(RATIO);
  });
});
