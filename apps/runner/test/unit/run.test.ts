import { createHash } from 'node:crypto';
import { BlobHash, type RunnerEnded, type RunnerStart } from '@codesync/protocol';
import { ManualClock, runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { Blobs } from '../../src/blobs.ts';
import { FROM_AGENT, type Frame, RUN_CHANNEL, TO_AGENT } from '../../src/frames.ts';
import { BINARY_MS, BLOBS_MS, STOP_BACKSTOP_MS } from '../../src/limits.ts';
import { Run, type RunEvent } from '../../src/run.ts';
import type { Sandbox } from '../../src/sandbox.ts';

const START: RunnerStart = {
  type: 'run.start',
  run: runId('r1'),
  room: 'room',
  network: 'network',
  language: 'rust',
  entry: 'main.rs',
  files: [{ path: 'main.rs', text: 'fn main() {}' }],
};

const EXIT = {
  reason: 'exit',
  code: 0,
  signal: '',
  limits: [] as { limit: string; times: number }[],
  wallMs: 1,
  compileMs: 2,
  cpuMs: 3,
  peakBytes: 4,
  compiling: false,
  truncatedOut: 0,
  truncatedErr: 5,
  stdinDropped: 0,
  message: '',
  binary: false,
};

/** A run whose sandbox is played by the test. */
function setUp(cached?: Buffer, start = START, blobs = new Blobs(1_000)) {
  const clock = new ManualClock();
  const events: RunEvent[] = [];
  const sent: { type: string; payload: Buffer | string | undefined }[] = [];
  const released: Sandbox[] = [];
  const kept: Buffer[] = [];
  let listener: Parameters<Sandbox['listen']>[0] | null = null;
  let cancelled = 0;
  let ranOut = false;
  const sandbox: Sandbox = {
    send: (type, payload) => sent.push({ type, payload }),
    listen: (to) => {
      listener = to;
    },
    ranOutOfMemory: () => Promise.resolve(ranOut),
    onMemoryKill: () => {},
    destroy: () => Promise.resolve(),
  };
  const run = new Run(start, {
    emit: (event) => events.push(event),
    acquire: () => ({ cancel: () => cancelled++ }),
    release: (one) => released.push(one),
    wantBlob: (blob, asker) => blobs.want(blob, asker),
    cachedBinary: () => cached,
    keepBinary: (binary) => kept.push(binary),
    log: () => {},
    clock,
  });
  run.begin();
  return {
    run,
    clock,
    events,
    sent,
    released,
    kept,
    sandbox,
    cancelled: () => cancelled,
    frame: (type: string, payload: Frame['payload'] | string = '') =>
      listener?.frame({ channel: RUN_CHANNEL, type, payload: Buffer.from(payload) }),
    exit: (change: Partial<typeof EXIT> = {}) =>
      listener?.frame({
        channel: RUN_CHANNEL,
        type: FROM_AGENT.exit,
        payload: Buffer.from(JSON.stringify({ ...EXIT, ...change })),
      }),
    /** `memory`: the kernel ended something in it. */
    lose: async (memory = false) => {
      ranOut = memory;
      listener?.closed('gone');
      await Promise.resolve();
      await Promise.resolve();
    },
    ends: () => events.filter((event): event is RunnerEnded => event.type === 'run.ended'),
  };
}

describe('a run', () => {
  test('goes queued, compiling, running, output, end', () => {
    const { run, events, sandbox, frame, exit, released } = setUp();
    run.waiting(2);
    run.waiting(1);
    run.given(sandbox);
    frame(FROM_AGENT.phase, 'compiling');
    frame(FROM_AGENT.phase, 'running');
    frame(FROM_AGENT.stdout, 'hi');
    exit();
    expect(events.map((event) => (event.type === 'run.phase' ? event.phase : event.type))).toEqual([
      'queued',
      'queued',
      'compiling',
      'running',
      'run.output',
      'run.ended',
    ]);
    expect(events.at(-1)).toMatchObject({
      reason: 'exit',
      exitCode: 0,
      signal: null,
      truncated: { stderr: 5 },
    });
    expect(released).toEqual([sandbox]);
    expect(run.state.at).toBe('ended');
  });

  test('shows all output before its end, also what was still in a batch', () => {
    const { run, events, sandbox, frame, exit } = setUp();
    run.given(sandbox);
    for (const letter of 'abc') frame(FROM_AGENT.stdout, letter);
    exit();
    expect(events.at(-1)?.type).toBe('run.ended');
    expect(events.map((event) => (event.type === 'run.output' ? event.text : '')).join('')).toBe('abc');
  });

  test('numbers its outputs from 1 without a gap, the last at its end included', () => {
    const { run, events, sandbox, frame, exit, clock } = setUp();
    run.given(sandbox);
    frame(FROM_AGENT.stdout, 'a');
    frame(FROM_AGENT.stderr, 'b');
    clock.advance(8);
    frame(FROM_AGENT.stdout, 'c');
    exit();
    expect(events.flatMap((event) => (event.type === 'run.output' ? [[event.n, event.text]] : []))).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  test('stopped while queued: ends at once and gives up its place', () => {
    const { run, ends, cancelled, sandbox, released } = setUp();
    run.stop();
    expect(ends()).toMatchObject([{ reason: 'stopped', exitCode: null }]);
    expect(cancelled()).toBe(1);
    run.given(sandbox);
    expect(released).toEqual([sandbox]);
    expect(ends().length).toBe(1);
  });

  test('stopped while active: tells the agent, whose word it takes', () => {
    const { run, sent, ends, sandbox, exit } = setUp();
    run.given(sandbox);
    run.stop();
    run.stop();
    expect(sent.filter(({ type }) => type === TO_AGENT.stop).length).toBe(1);
    expect(ends()).toEqual([]);
    exit({ reason: 'stopped' });
    expect(ends()).toMatchObject([{ reason: 'stopped', message: 'Stopped.' }]);
  });

  test('a stop that comes with the natural end gives one end', async () => {
    const { run, ends, sandbox, exit, lose, clock } = setUp();
    run.given(sandbox);
    run.stop();
    exit({ reason: 'exit' });
    run.stop();
    await lose();
    clock.advance(10 * 60_000);
    expect(ends()).toMatchObject([{ reason: 'exit' }]);
  });

  test('an agent that does not answer a stop is given up', () => {
    const { run, ends, sandbox, released, clock } = setUp();
    run.given(sandbox);
    run.stop();
    clock.advance(STOP_BACKSTOP_MS);
    expect(ends()).toMatchObject([{ reason: 'stopped' }]);
    expect(released).toEqual([sandbox]);
  });

  test('an agent that never says anything is given up at the limits, under five minutes', () => {
    const { run, ends, sandbox, clock } = setUp();
    run.given(sandbox);
    clock.advance(5 * 60_000);
    expect(ends()).toMatchObject([
      {
        reason: 'wall',
        wallMs: 55_000,
        message:
          'The sandbox did not answer any more and was ended after 55 s. The time limit of a run is 30 s.',
      },
    ]);
  });

  test('a time limit that was met late says so, and what stood still', () => {
    const late = setUp();
    late.run.given(late.sandbox);
    late.exit({ reason: 'wall', wallMs: 55_000 });
    expect(late.ends()[0]?.message).toBe(
      'The program was ended after 55 s: the sandbox stood still in between, and the time limit of 30 s was over.',
    );
    const prompt = setUp();
    prompt.run.given(prompt.sandbox);
    prompt.exit({ reason: 'wall', wallMs: 30_040 });
    expect(prompt.ends()[0]?.message).toBe('The program was ended after 30 s, the time limit.');
  });

  test.each([
    ['wall', 'The time limit of 30 s was over as it ended.'],
    ['cpu', 'The limit of 30 s of processor time was met as it ended.'],
    [
      'memory',
      '2 of its processes were killed: all together needed more than the 512 MiB of memory that a run has.',
    ],
    ['pids', 'The program was refused another process or thread 2 times: a run has 128 at a time.'],
    ['output', 'The program met the limit of 16 MiB of output on one stream as it ended.'],
  ])('the program’s own end stands, and the limit %s beside it', (limit, message) => {
    const { run, sandbox, exit, ends } = setUp();
    run.given(sandbox);
    exit({ limits: [{ limit, times: 2 }] });
    expect(ends()).toMatchObject([{ reason: 'exit', exitCode: 0, limits: [{ limit, times: 2, message }] }]);
    expect(ends()[0]).not.toHaveProperty('message');
  });

  test('hints come from what the program said to the very end, and not into its output', () => {
    const { run, sandbox, frame, exit, ends, events } = setUp();
    run.given(sandbox);
    const words = 'Temporary failure in name resolution';
    frame(FROM_AGENT.stderr, 'x'.repeat(100_000));
    for (const letter of words) frame(FROM_AGENT.stderr, letter);
    exit({ code: 1 });
    expect(ends()[0]?.hints).toEqual([expect.stringContaining('A sandbox has no network')]);
    const shown = events.map((event) => (event.type === 'run.output' ? event.text : '')).join('');
    expect(shown).toBe('x'.repeat(100_000) + words);
  });

  test('a sandbox that is lost is not the program’s fault, unless it was being stopped', async () => {
    const lost = setUp();
    lost.run.given(lost.sandbox);
    lost.frame(FROM_AGENT.stdout, 'half');
    await lost.lose();
    expect(lost.ends()).toMatchObject([{ reason: 'infrastructure', exitCode: null }]);
    expect(lost.released.length).toBe(1);

    const stopping = setUp();
    stopping.run.given(stopping.sandbox);
    stopping.run.stop();
    await stopping.lose(true);
    expect(stopping.ends()).toMatchObject([{ reason: 'stopped' }]);
  });

  test.each([
    ['compiling', 'The compiler was ended'],
    ['running', 'The program was ended'],
  ])(
    'a sandbox that is lost for want of memory while it is %s says whose doing that is',
    async (phase, words) => {
      const { run, sandbox, frame, lose, ends } = setUp();
      run.given(sandbox);
      frame(FROM_AGENT.phase, 'compiling');
      frame(FROM_AGENT.phase, phase);
      await lose(true);
      expect(ends()).toMatchObject([{ reason: 'memory', message: expect.stringContaining(words) }]);
    },
  );

  test('a sandbox that is lost for want of memory is the program’s doing', async () => {
    const { run, sandbox, lose, ends, released } = setUp();
    run.given(sandbox);
    await lose(true);
    expect(ends()).toMatchObject([{ reason: 'memory' }]);
    expect(ends()[0]!.message).toContain('512 MiB');
    expect(released.length).toBe(1);
  });

  test('an end that cannot be read loses the sandbox, not the run', () => {
    const { run, ends, sandbox, frame } = setUp();
    run.given(sandbox);
    frame(FROM_AGENT.exit, '{"reason":"made up"}');
    expect(ends()).toMatchObject([{ reason: 'infrastructure' }]);
  });

  test('nothing is heard of it after its end', () => {
    const { run, events, sandbox, frame, exit } = setUp();
    run.given(sandbox);
    exit();
    const heard = events.length;
    frame(FROM_AGENT.stdout, 'late');
    run.stop();
    run.stdin('x', true);
    run.waiting(1);
    expect(events.length).toBe(heard);
  });

  test('input that came before the sandbox reaches it, in order', () => {
    const { run, sent, sandbox } = setUp();
    run.stdin('one', false);
    run.stdin('two', true);
    run.given(sandbox);
    expect(sent.map(({ type }) => type)).toEqual([
      TO_AGENT.start,
      TO_AGENT.stdin,
      TO_AGENT.stdin,
      TO_AGENT.stdinEnd,
    ]);
  });

  test('a cached binary goes ahead of the start, and the end says so', () => {
    const { run, sent, sandbox, exit, ends } = setUp(Buffer.from('elf'));
    run.given(sandbox);
    expect(sent.map(({ type }) => type)).toEqual([TO_AGENT.binary, TO_AGENT.start]);
    exit();
    expect(ends()).toMatchObject([{ cached: true }]);
  });

  test('a fresh binary is kept after the end, and only then the sandbox goes', () => {
    const { run, sandbox, exit, frame, kept, released, ends } = setUp();
    run.given(sandbox);
    exit({ binary: true });
    expect(ends().length).toBe(1);
    expect(released).toEqual([]);
    frame(FROM_AGENT.binary, 'elf');
    expect(kept.map(String)).toEqual(['elf']);
    expect(released).toEqual([sandbox]);
  });

  test('a binary that never comes does not hold the sandbox', () => {
    const { run, sandbox, exit, released, clock } = setUp();
    run.given(sandbox);
    exit({ binary: true });
    clock.advance(BINARY_MS);
    expect(released).toEqual([sandbox]);
  });

  test('says what input was dropped', () => {
    const { run, sandbox, exit, ends } = setUp();
    run.given(sandbox);
    exit({ stdinDropped: 7 });
    expect(ends()[0]?.message).toContain('7 bytes of input were dropped');
  });

  test('[A20] tells every exit code from 0 to 255 as the agent does', () => {
    for (let code = 0; code < 256; code++) {
      const { run, sandbox, exit, ends } = setUp();
      run.given(sandbox);
      exit({ code });
      expect(ends()).toMatchObject([{ reason: 'exit', exitCode: code, signal: null }]);
    }
  });
});

describe('a run with files that are no text', () => {
  const bodies = { logo: Buffer.from([0x89, 0x50, 0, 0xff]), font: Buffer.from('font') };
  const hashOf = (body: Buffer) => BlobHash.parse(createHash('sha256').update(body).digest('hex'));
  const blobOf = (body: Buffer) => ({ hash: hashOf(body), bytes: body.length });
  const withBlobs: RunnerStart = {
    ...START,
    files: [
      ...START.files,
      { path: 'img/logo.png', blob: blobOf(bodies.logo) },
      { path: 'font', blob: blobOf(bodies.font) },
      { path: 'copy.png', blob: blobOf(bodies.logo) },
    ],
  };
  const start = () => {
    const blobs = new Blobs(1_000);
    const scene = setUp(undefined, withBlobs, blobs);
    const comes = (body: Buffer, id = scene.run.id) =>
      blobs.take({
        type: 'blob.part',
        run: id,
        hash: hashOf(body),
        part: 0,
        data: body.toString('base64'),
      });
    const wanted = () => scene.events.flatMap((event) => (event.type === 'blob.wanted' ? [event.hash] : []));
    return { ...scene, blobs, comes, wanted };
  };
  const told = (sent: ReturnType<typeof setUp>['sent']) =>
    sent.map(({ type, payload }) =>
      type === TO_AGENT.start ? type : `${type} ${payload?.toString('latin1')}`,
    );

  test('asks for each content once, places it where it belongs as it comes, and starts then', () => {
    const { run, sandbox, sent, comes, wanted, exit, ends } = start();
    expect(wanted()).toEqual([]);
    run.given(sandbox);
    expect(wanted()).toEqual([hashOf(bodies.logo), hashOf(bodies.font)]);
    run.stdin('typed', false);
    comes(bodies.font);
    expect(told(sent)).toEqual(['N font', 'D font']);
    comes(bodies.logo);
    const logo = `D ${bodies.logo.toString('latin1')}`;
    expect(told(sent).slice(2)).toEqual(['N img/logo.png', logo, 'N copy.png', logo, 'S', 'I typed']);
    expect(JSON.parse(String(sent[6]!.payload)).files).toEqual(START.files);
    exit();
    expect(ends()).toMatchObject([{ reason: 'exit' }]);
  });

  test('asks for nothing that is there already', () => {
    const first = start();
    first.run.given(first.sandbox);
    for (const body of Object.values(bodies)) first.comes(body);
    const second = setUp(undefined, withBlobs, first.blobs);
    second.run.given(second.sandbox);
    expect(second.sent.at(-1)?.type).toBe(TO_AGENT.start);
    expect(second.events).toEqual([]);
  });

  test('[INV9] ends once, with the file’s name, when content does not come in time', () => {
    const { run, sandbox, comes, clock, ends, released, events } = start();
    run.given(sandbox);
    comes(bodies.logo);
    clock.advance(BLOBS_MS);
    expect(ends()).toMatchObject([
      {
        reason: 'infrastructure',
        message: 'The content of “font” did not arrive within 20 s. Run it again.',
      },
    ]);
    expect(released).toEqual([sandbox]);
    const heard = events.length;
    comes(bodies.font);
    clock.advance(10 * 60_000);
    expect(events.length).toBe(heard);
  });

  test('[INV9] ends once when content cannot be had, or is another than its name says', () => {
    const none = start();
    none.run.given(none.sandbox);
    none.blobs.none({ type: 'blob.none', run: none.run.id, hash: hashOf(bodies.logo) });
    none.blobs.none({ type: 'blob.none', run: none.run.id, hash: hashOf(bodies.font) });
    const other = start();
    other.run.given(other.sandbox);
    const data = Buffer.from('f0nt').toString('base64');
    other.blobs.take({
      type: 'blob.part',
      run: other.run.id,
      hash: hashOf(bodies.font),
      part: 0,
      data,
    });
    for (const [{ ends, released }, path] of [
      [none, 'img/logo.png'],
      [other, 'font'],
    ] as const) {
      expect(ends()).toMatchObject([
        {
          reason: 'infrastructure',
          message: expect.stringContaining(`The content of “${path}” cannot be had.`),
        },
      ]);
      expect(released.length).toBe(1);
    }
  });

  test('[INV9] ends once, and asks for nothing, when its sandbox is lost as it comes', () => {
    const { run, sandbox, released, wanted, ends } = start();
    run.given({ ...sandbox, listen: ({ closed }) => closed('gone') });
    expect(ends()).toMatchObject([{ reason: 'infrastructure' }]);
    expect([released.length, wanted()]).toEqual([1, []]);
  });

  test('[INV9] ends once when it is stopped, its sandbox is lost, or the runner goes while content is on its way', async () => {
    const endings = {
      stopped: ({ run }) => run.stop(),
      lost: ({ lose }) => lose(),
      gone: ({ run }) => run.abandon('CodeSync was stopped.'),
    } satisfies Record<string, (scene: ReturnType<typeof start>) => void | Promise<void>>;
    for (const [how, end] of Object.entries(endings)) {
      const scene = start();
      const { run, sandbox, comes, clock, ends, released, sent } = scene;
      run.given(sandbox);
      await end(scene);
      run.stop();
      for (const body of Object.values(bodies)) comes(body);
      clock.advance(10 * 60_000);
      expect(ends()).toMatchObject([{ reason: how === 'stopped' ? 'stopped' : 'infrastructure' }]);
      expect(released).toEqual([sandbox]);
      expect(sent).toEqual([]);
    }
  });
});
