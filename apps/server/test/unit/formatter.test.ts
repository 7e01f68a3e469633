// Texts are formatted in a run that no log has: what is asked of the runner, and what is told of how it ended.
import { LIMITS, RUNNER_LIMITS, type RunEnd } from '@codesync/protocol';
import { ManualClock, roomId, settle } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { Formatter } from '../../src/formatter.ts';
import { EXIT_0, MemoryRunner } from '../support/memory-runner.ts';

const asker = { room: roomId('a-room'), network: '198.18.0.1' };

function scene() {
  const runner = new MemoryRunner();
  const clock = new ManualClock();
  let ids = 0;
  const formatter = new Formatter({ runner, clock, newId: () => `format-${++ids}` });
  const ask = (language: 'python' | 'go' | 'rust', text: string) =>
    formatter.format({ language, text }, asker);
  /** Asks, has the formatter end so, and resolves with the answer. */
  const ended = (
    language: 'python' | 'go' | 'rust',
    end: Partial<RunEnd>,
    said: { stdout?: string; stderr?: string } = {},
  ) => {
    const answer = ask(language, 'text');
    const { listener } = runner.started.at(-1)!;
    for (const stream of ['stdout', 'stderr'] as const)
      if (said[stream] !== undefined) listener.output({ stream, text: said[stream] });
    listener.ended({ ...EXIT_0, ...end });
    return answer;
  };
  return { runner, clock, ask, ended };
}

test('a text goes to its formatter as input, and comes back as the formatter wrote it on its output alone', async () => {
  const { runner, ask } = scene();
  const answer = ask('rust', 'fn main(){}');
  const [{ request, listener }] = runner.started as [(typeof runner.started)[0]];
  expect(request).toMatchObject({ ...asker, language: 'python', entry: request.files[0]!.path });
  expect(request.files).toMatchObject([
    { text: expect.stringContaining('os.execvp("rustfmt", ["rustfmt","--edition","2021"])') },
  ]);
  expect(runner.typed).toEqual(['fn main(){}']);
  listener.output({ stream: 'stdout', text: 'fn warn', turns: [3, 4] });
  listener.output({ stream: 'stdout', text: 'main() {}\n' });
  listener.ended(EXIT_0);
  expect(await answer).toEqual({ ok: true, text: 'fn main() {}\n' });
});

test.each([
  [
    'python',
    'error: cannot format -: Cannot parse for target version Python 3.13: 2:4: x = = 1\n',
    'line 2: “Cannot parse for target version Python 3.13: 2:4: x = = 1”',
  ],
  ['go', '<standard input>:3:5: expected operand, found }\n', 'line 3: “expected operand, found }”'],
  [
    'rust',
    'error: expected pattern, found `=`\n --> <stdin>:7:9\n  |\n',
    'line 7: “expected pattern, found `=`”',
  ],
  ['rust', 'something else\n', 'the file: “something else”'],
  ['go', `${'x'.repeat(1_000)}\n`, `the file: “${'x'.repeat(200)}”`],
] as const)(
  'what the formatter of %s cannot read is told in its words: %s',
  async (language, stderr, words) => {
    const { ended } = scene();
    expect(await ended(language, { exitCode: 1 }, { stdout: 'half of a text', stderr })).toEqual({
      ok: false,
      error: {
        code: 'format.failed',
        message: `The formatter could not read ${words}. Mend it, then format again.`,
      },
    });
  },
);

test.each([
  ['output that was cut', { truncated: { stdout: 1, stderr: 0 } }, 'format.tooLarge'],
  ['a formatter that says nothing', { exitCode: 1 }, 'format.failed'],
  ['a sandbox without memory left', { reason: 'memory', exitCode: null }, 'format.tooLarge'],
  [
    'a sandbox that was lost',
    { reason: 'infrastructure', exitCode: null, message: 'Lost.' },
    'run.unavailable',
  ],
] as const)('no part of a text is handed on: %s', async (_, end, code) => {
  const { ended } = scene();
  const answer = await ended('python', end, { stdout: 'half of a text' });
  expect(answer).toMatchObject({ ok: false, error: { code } });
});

test('a text that is longer than the input of a program is not begun', async () => {
  const { runner, ask } = scene();
  const answer = await ask('python', 'é'.repeat(RUNNER_LIMITS.stdinBytes / 2 + 1));
  expect(answer).toMatchObject({ ok: false, error: { code: 'format.tooLarge' } });
  expect(runner.started).toEqual([]);
});

test('without a sandbox the sentence is that of runs', async () => {
  const { runner, ask } = scene();
  runner.current = { state: 'off', reason: 'No engine answers.', mend: 'Start Docker.' };
  expect(await ask('go', '')).toEqual({
    ok: false,
    error: { code: 'run.unavailable', message: 'No engine answers. Start Docker.' },
  });
});

test('a formatter that takes too long is stopped, and what it still says is not heard', async () => {
  const { runner, clock, ask } = scene();
  const answer = ask('python', 'x');
  await clock.pass(LIMITS.formatMs - 1);
  expect(runner.stopped).toEqual([]);
  await clock.pass(1);
  expect(runner.stopped).toEqual([runner.started[0]!.request.run]);
  await settle();
  expect(await answer).toMatchObject({ ok: false, error: { code: 'format.tooLong' } });
});
