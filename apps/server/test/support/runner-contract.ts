// What every runner promises, whatever it runs programs in.
import { createHash, randomBytes } from 'node:crypto';
import {
  BLOB_PART_BYTES,
  BlobHash,
  type BlobRef,
  blobParts,
  joinedWords,
  type RunEnd,
  type RunId,
  type RunPhase,
  type RunWords,
  type SandboxFacts,
} from '@codesync/protocol';
import { roomId, runId, Watch } from '@codesync/protocol/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunListener, Runner } from '../../src/ports.ts';
import type { MemoryBlobs } from './memory-blobs.ts';
import { printed } from './orders.ts';

/** Texts of programs in Python, or what the runner takes for that. */
type Programs = {
  /** Prints what `printed('5')` has, and returns. */
  readonly prints: string;
  /** Prints every line that it reads behind `read `, and returns at the end of its input. */
  readonly echoes: string;
  /** Goes on until it is stopped. */
  readonly waits: string;
  /** Prints the SHA-256 of the bytes of `img/logo.png`, and returns. */
  readonly sums: string;
};

export type RunnerScene = {
  /** Ready to run code. */
  readonly runner: Runner;
  readonly programs: Programs;
  /** Where the runner has the content of files from. */
  readonly blobs: MemoryBlobs;
  /** Ends the runner, as its server does. */
  readonly end: () => Promise<void>;
};

/** A run as its starter hears of it. */
class Heard implements RunListener {
  readonly run: RunId;
  readonly phases: RunPhase[] = [];
  readonly outputs: RunWords[] = [];
  readonly ends: RunEnd[] = [];
  /** What it heard, by kind. */
  readonly order: ('phase' | 'output' | 'ended')[] = [];
  readonly #watch = new Watch();

  constructor(run: RunId) {
    this.run = run;
  }

  readonly phase = (phase: RunPhase): void => {
    this.phases.push(phase);
    this.#note('phase');
  };

  readonly output = (words: RunWords): void => {
    this.outputs.push(words);
    this.#note('output');
  };

  readonly ended = (end: RunEnd): void => {
    this.ends.push(end);
    this.#note('ended');
  };

  get words(): RunWords | null {
    return joinedWords(this.outputs);
  }

  /** Resolves once that holds. */
  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  async end(): Promise<RunEnd> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0]!;
  }

  #note(what: 'phase' | 'output' | 'ended'): void {
    this.order.push(what);
    this.#watch.changed();
  }
}

export function runnerContract(name: string, { runner, programs, blobs, end }: RunnerScene): void {
  describe(`a runner, ${name}`, () => {
    afterAll(end);

    const ROOM = roomId('the-room-of-a-contract');
    let runs = 0;
    /** All that was started. */
    const all: Heard[] = [];
    const start = (program: keyof Programs, logo?: BlobRef): Heard => {
      const heard = new Heard(runId(`contract-run-${++runs}`.padEnd(22, 'x')));
      all.push(heard);
      runner.start(
        {
          run: heard.run,
          room: ROOM,
          network: '203.0.113.1',
          language: 'python',
          entry: 'main.py',
          files: [
            { path: 'beside.py', text: '' },
            { path: 'main.py', text: programs[program] },
            ...(logo === undefined ? [] : [{ path: 'img/logo.png', blob: logo }]),
          ],
          args: [],
          env: {},
          workFolder: 'room',
        },
        heard,
      );
      return heard;
    };
    const running = (heard: Heard) => heard.until(() => heard.phases.includes('running'));

    test('is ready, and knows what it is made of or says nothing of it', () => {
      expect(runner.status().state).toBe('ready');
      expect(runner.facts()).toSatisfy((facts: SandboxFacts | null) => facts === null || facts.image !== '');
    });

    test('a program says that it runs, then its words in their order, then its end', async () => {
      const heard = start('prints');
      expect(await heard.end()).toMatchObject({ reason: 'exit', exitCode: 0, signal: null });
      expect(heard.phases.at(-1)).toBe('running');
      expect(heard.words).toEqual(joinedWords(printed('5')));
      const [lastPhase, firstOutput] = [heard.order.lastIndexOf('phase'), heard.order.indexOf('output')];
      expect(lastPhase).toBeLessThan(firstOutput);
      expect(heard.order.at(-1)).toBe('ended');
    });

    test('whoever starts a run hears of it only afterwards', async () => {
      const heard = start('prints');
      expect(heard.order).toEqual([]);
      await heard.end();
    });

    test('a program reads what is typed, and the end of it', async () => {
      const heard = start('echoes');
      await running(heard);
      runner.input(heard.run, 'élan 😀\n', false);
      await heard.until(() => heard.words?.text === 'read élan 😀\n');
      runner.input(heard.run, 'on\n', true);
      expect(await heard.end()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(heard.words).toEqual({ stream: 'stdout', text: 'read élan 😀\nread on\n' });
    });

    test('what is typed before a program runs is read by it', async () => {
      const heard = start('echoes');
      runner.input(heard.run, 'early\n', true);
      expect(await heard.end()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(heard.words).toEqual({ stream: 'stdout', text: 'read early\n' });
    });

    test('a program reads a file that is no text, byte for byte', async () => {
      const body = randomBytes(2 * BLOB_PART_BYTES + 1);
      const hash = BlobHash.parse(createHash('sha256').update(body).digest('hex'));
      const logo = { hash, bytes: body.length };
      for (let part = 0; part < blobParts(logo.bytes); part++) {
        const bytes = body.subarray(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES);
        await blobs.put(ROOM, logo, part, bytes, async () => []);
      }
      const two = [start('sums', logo), start('sums', logo)];
      for (const heard of two) {
        expect(await heard.end()).toMatchObject({ reason: 'exit', exitCode: 0 });
        expect(heard.words).toEqual({ stream: 'stdout', text: `${hash}\n` });
      }
    });

    test('[INV9] a run with a file whose bytes are not there ends, and does not begin', async () => {
      const hash = BlobHash.parse(randomBytes(32).toString('hex'));
      const heard = start('sums', { hash, bytes: 1 });
      expect(await heard.end()).toMatchObject({ reason: 'infrastructure', exitCode: null });
      expect(heard.phases).not.toContain('running');
    });

    test('a run that is stopped ends so, however often that is asked', async () => {
      const heard = start('waits');
      runner.stop(heard.run);
      const late = start('waits');
      await running(late);
      for (let i = 0; i < 3; i++) runner.stop(late.run);
      for (const run of [heard, late])
        expect(await run.end()).toMatchObject({ reason: 'stopped', exitCode: null });
    });

    test('runs that go on together hear each of themselves alone', async () => {
      const three = [start('echoes'), start('echoes'), start('echoes')];
      for (const [i, { run }] of three.entries()) runner.input(run, `${i}\n`, false);
      for (const { run } of three.toReversed()) runner.input(run, '', true);
      await Promise.all(three.map((heard) => heard.end()));
      expect(three.map(({ words }) => words?.text)).toEqual(['read 0\n', 'read 1\n', 'read 2\n']);
    });

    test('what is asked of a run that is over, or never was, changes nothing', async () => {
      const over = start('prints');
      await over.end();
      const going = start('echoes');
      for (const run of [over.run, runId('no-run-of-this-name')]) {
        runner.stop(run);
        runner.input(run, 'more\n', true);
      }
      runner.input(going.run, '', true);
      expect(await going.end()).toMatchObject({ reason: 'exit', exitCode: 0 });
    });

    test('[INV9] a run that the runner takes with it as it ends has an end, as has one that is started after it', async () => {
      const going = start('waits');
      await running(going);
      await end();
      const after = start('prints');
      expect(after.order).toEqual([]);
      for (const heard of [going, after])
        expect(await heard.end()).toMatchObject({ reason: 'infrastructure', exitCode: null });
      expect(after.order).toEqual(['ended']);
    });

    test('[INV9] every run has ended exactly once, and nothing was heard of it then', () => {
      for (const { order } of all) expect(order.indexOf('ended')).toBe(order.length - 1);
      expect(all.length).toBeGreaterThan(10);
    });
  });
}
