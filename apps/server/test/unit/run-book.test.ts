import { LOST_RUN, type RunnerEnded, type RunnerOutput } from '@codesync/protocol';
import { ManualClock, runId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunListener } from '../../src/ports.ts';
import { RUN_MS, RunBook } from '../../src/runner-client/run-book.ts';
import { EXIT_0 } from '../support/memory-runner.ts';

const RUN = runId('the-run-itself');
const OTHER = runId('the-other-run');

const output = (n: number, text = `output ${n}`, run = RUN): RunnerOutput => ({
  type: 'run.output',
  run,
  n,
  stream: 'stdout',
  text,
});
const ended = (run = RUN): RunnerEnded => ({
  type: 'run.ended',
  run,
  compileMs: 0,
  cached: false,
  ...EXIT_0,
});

/** Notes what it hears, as one list. */
function listener(): RunListener & { readonly heard: unknown[] } {
  const heard: unknown[] = [];
  return {
    heard,
    phase: (phase) => void heard.push(phase),
    output: (words) => void heard.push(words.text),
    ended: (end) => void heard.push(end),
  };
}

function setUp() {
  const clock = new ManualClock();
  const stopped: string[] = [];
  const logged: unknown[] = [];
  const note = (fields: unknown) => void logged.push(fields);
  const log = { debug: note, info: note, warn: note, error: note };
  const over: string[] = [];
  const book = new RunBook({
    clock,
    log,
    stop: (run) => void stopped.push(run),
    ended: (run) => void over.push(run),
  });
  const run = listener();
  book.enter(RUN, run);
  return { clock, stopped, over, book, logged, heard: run.heard };
}

test('a run hears of itself alone, up to its end', () => {
  const { book, heard } = setUp();
  const other = listener();
  book.enter(OTHER, other);
  book.hear({ type: 'run.phase', run: RUN, phase: 'queued', position: 3 });
  book.hear({ type: 'run.phase', run: RUN, phase: 'running' });
  book.hear(output(1));
  book.hear(ended());
  book.hear(output(2));
  book.hear(ended());
  book.lose(RUN);
  expect(heard).toEqual(['queued', 'running', 'output 1', EXIT_0]);
  expect(other.heard).toEqual([]);
});

test('[INV9] the runs that are going when the runner is lost end as lost, once', async () => {
  const { clock, book, over, heard } = setUp();
  const other = listener();
  book.enter(OTHER, other);
  book.hear(ended(OTHER));
  expect(over).toEqual([OTHER]);
  book.loseAll();
  book.loseAll();
  book.hear(ended());
  await clock.pass(RUN_MS);
  expect(heard).toEqual([LOST_RUN]);
  expect(other.heard).toEqual([EXIT_0]);
  expect(over).toEqual([OTHER, RUN]);
});

test('a run may start another as it ends', () => {
  const { book } = setUp();
  const next = listener();
  book.enter(OTHER, { ...listener(), ended: () => book.enter(runId('one-run-more'), next) });
  book.loseAll();
  expect(next.heard).toEqual([]);
});

test('[INV9] a run whose end nobody tells is stopped and ends as lost after its time', async () => {
  const { clock, stopped, book, heard } = setUp();
  book.enter(OTHER, listener());
  book.hear(ended(OTHER));
  await clock.pass(RUN_MS - 1);
  expect([heard, stopped]).toEqual([[], []]);
  await clock.pass(1);
  expect([heard, stopped]).toEqual([[LOST_RUN], [RUN]]);
});

test('an output that comes again is dropped, whatever it says then', () => {
  const { stopped, book, heard } = setUp();
  for (const n of [1, 2, 1, 2, 2, 3])
    book.hear(output(n, heard.includes(`output ${n}`) ? 'again' : undefined));
  book.hear(ended());
  expect(heard).toEqual(['output 1', 'output 2', 'output 3', EXIT_0]);
  expect(stopped).toEqual([]);
});

test('[INV9] a run with a gap in its outputs is stopped and ends as lost, once, and the log says so', async () => {
  for (const n of [2, 3]) {
    const { clock, stopped, book, logged, heard } = setUp();
    const other = listener();
    book.enter(OTHER, other);
    if (n === 3) book.hear(output(1));
    const before = heard.length;
    book.hear(output(n));
    book.hear(output(n - 1));
    book.hear(ended());
    await clock.pass(RUN_MS - 1);
    expect(heard.slice(before)).toEqual([LOST_RUN]);
    expect(stopped).toEqual([RUN]);
    expect(logged).toEqual([{ run: RUN, n, after: n - 2 }]);
    expect(other.heard).toEqual([]);
  }
});

test('outputs are numbered by their run', () => {
  const { book, heard } = setUp();
  const other = listener();
  book.enter(OTHER, other);
  for (const run of [RUN, OTHER]) for (const n of [1, 2]) book.hear(output(n, `${n} of it`, run));
  expect([heard, other.heard]).toEqual([
    ['1 of it', '2 of it'],
    ['1 of it', '2 of it'],
  ]);
});

test('whatever comes again, and how often, each output is heard once and in order', () => {
  // Before each new output, and after the last, some of those that were sent come again.
  const repeats = fc.array(fc.array(fc.nat(), { maxLength: 5 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(repeats, (before) => {
      const { stopped, book, heard } = setUp();
      const sent: RunnerOutput[] = [];
      for (const [count, again] of before.entries()) {
        for (const which of again) if (count > 0) book.hear(sent[which % count]!);
        sent.push(output(count + 1));
        if (count + 1 < before.length) book.hear(sent[count]!);
      }
      book.hear(ended());
      expect(heard).toEqual([...sent.slice(0, -1).map(({ text }) => text), EXIT_0]);
      expect(stopped).toEqual([]);
    }),
  );
});
