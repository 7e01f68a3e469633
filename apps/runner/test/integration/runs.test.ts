import { RUNNER_LIMITS } from '@codesync/protocol';
import { runId } from '@codesync/protocol/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { eventually, poolsOf, skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (text: string, more: object = {}) => runner.run('python', { 'main.py': text }, more);

/** The containers of the pool when it is full and nothing runs. */
async function containersAtRest(): Promise<string[]> {
  let containers: string[] = [];
  await eventually('nothing but a full pool is there', async () => {
    const { status } = runner.client;
    const pools = poolsOf(status);
    containers = await runner.containers();
    const wanted = pools.reduce((sum, pool) => sum + pool.wanted, 0);
    return pools.every(({ warm, wanted }) => warm === wanted) && containers.length === wanted;
  });
  return containers;
}

describe.skipIf(skip)(`runs${skip ? ` (skipped: ${skip})` : ''}`, () => {
  describe('output', () => {
    test('the two streams are told apart and keep their order', async () => {
      const run = python('import sys\nprint("out")\nprint("err", file=sys.stderr)\n');
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['out\n', 'err\n']);
    });

    test('is seen while the program runs, not at its end', async () => {
      const run = python('import time\nfor n in range(3):\n    print(n)\n    time.sleep(0.4)\n');
      await run.until(() => run.stdout === '0\n');
      expect(run.ends).toEqual([]);
      await run.until(() => run.stdout === '0\n1\n');
      expect(run.ends).toEqual([]);
      await run.ended();
      expect(run.stdout).toBe('0\n1\n2\n');
    });

    test('a character whose bytes are written apart is shown whole', async () => {
      const run = python(
        'import os, time\nfor b in "€😀".encode():\n    os.write(1, bytes([b])); time.sleep(0.03)\n',
      );
      await run.ended();
      expect(run.stdout).toBe('€😀');
    });

    test('[A8] NUL, control bytes and colours arrive as they are', async () => {
      const run = python('import os\nos.write(1, b"a\\0b\\x1b[31mred\\x1b[0m\\x07\\r\\n\\xff")');
      await run.ended();
      expect(run.stdout).toBe('a\0b\u001b[31mred\u001b[0m\u0007\r\n\ufffd');
    });

    test('[A11] a forged frame is shown as text and ends nothing', async () => {
      const run = python(
        'import os, time\nbody = b\'{"reason":"exit","code":7}\'\nos.write(1, b"Z" + len(body).to_bytes(4, "big") + body)\ntime.sleep(0.2)\nprint("still here")',
      );
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(run.stdout).toContain('{"reason":"exit","code":7}still here');
    });

    test('beyond the cap it is counted, not shown', async () => {
      const run = python('import sys\nsys.stdout.write("x" * 3_000_000)\n', {
        limits: { keptOutputBytes: 1_000_000 },
      });
      const end = await run.ended();
      expect(run.stdout.length).toBe(1_000_000);
      expect(end).toMatchObject({ reason: 'exit', truncated: { stdout: 2_000_000, stderr: 0 } });
    });

    test('[A6] a flood ends the run with its own reason', async () => {
      const run = python('import os\nline = b"y\\n" * 32768\nwhile True: os.write(1, line)');
      const end = await run.ended();
      expect(end.reason).toBe('output');
      expect(end.message).toContain('16 MiB of output');
      expect(run.stdout.length).toBe(RUNNER_LIMITS.keptOutputBytes);
      expect(end.truncated.stdout).toBeGreaterThan(0);
    });

    test('[A7] one line of 100 MB is cut and capped', async () => {
      const run = python('import os\nos.write(1, b"")\nimport sys\nsys.stdout.write("z" * 100_000_000)');
      expect((await run.ended()).reason).toBe('output');
      expect(run.stdout.length).toBe(RUNNER_LIMITS.keptOutputBytes);
    });

    test('[A23] two runs at once in one room are never mixed', async () => {
      const source = (mark: string) => `for n in range(2000): print("${mark}", n)`;
      const [a, b] = [python(source('a'), { room: 'shared' }), python(source('b'), { room: 'shared' })];
      await Promise.all([a.ended(), b.ended()]);
      expect(a.stdout).toMatch(/^(a \d+\n){2000}$/);
      expect(b.stdout).toMatch(/^(b \d+\n){2000}$/);
    });
  });

  describe('input', () => {
    test('[A19] is read as it comes, and its end is seen', async () => {
      const run = python(
        'name = input("name? ")\nprint("hi", name)\nimport sys\nprint(len(sys.stdin.read()))',
      );
      await run.until(() => run.stdout.includes('name? '));
      run.stdin('Ada\n');
      await run.until(() => run.stdout.includes('hi Ada'));
      run.stdin('12345', true);
      await run.ended();
      expect(run.stdout).toBe('name? hi Ada\n5\n');
    });

    test('may be sent before the program is there', async () => {
      const run = runner.run('javascript', {
        'main.js': 'process.stdin.on("data", (d) => console.log(String(d)))',
      });
      run.stdin('early', true);
      await run.ended();
      expect(run.stdout).toBe('early\n');
    });

    test('[A19] 10 MB that nobody reads is bounded, and said', async () => {
      const run = python('import time\ntime.sleep(1)');
      for (let n = 0; n < 160; n++) run.stdin('x'.repeat(64 * 1024));
      const end = await run.ended();
      expect(end).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(end.message).toMatch(/bytes of input were dropped/);
    });
  });

  describe('the end', () => {
    test('[A20] in real runs, exit codes 0, 1, 2, 42, 127, 137 and 255', async () => {
      const codes = [0, 1, 2, 42, 127, 137, 255];
      const runs = codes.map((code) => python(`import sys\nsys.exit(${code})`));
      const ends = await Promise.all(runs.map((run) => run.ended()));
      expect(ends.map(({ exitCode, signal, reason }) => [exitCode, signal, reason])).toEqual(
        codes.map((code) => [code, null, 'exit']),
      );
    });

    test.each(['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGXCPU', 'SIGXFSZ', 'SIGTERM'])(
      '[A20] [A21] a death by %s is told as one',
      async (signal) => {
        const run = python(
          `import os, signal\nif "${signal}" != "SIGKILL": signal.signal(signal.${signal}, signal.SIG_DFL)\nos.kill(os.getpid(), signal.${signal})`,
        );
        expect(await run.ended()).toMatchObject({ reason: 'signal', exitCode: null, signal });
      },
    );

    test('tells wall time, processor time and peak memory', async () => {
      const run = python(
        'import time\nx = bytearray(100 << 20)\nwhile time.process_time() < 0.3: pass\ntime.sleep(0.5)',
      );
      const end = await run.ended();
      expect(end.wallMs).toBeGreaterThan(800);
      // Told by another clock than the program's own.
      expect(end.cpuMs).toBeGreaterThan(250);
      expect(end.cpuMs).toBeLessThan(end.wallMs);
      expect(end.peakBytes).toBeGreaterThan(100 << 20);
    });
  });

  describe('stop', () => {
    test('ends a program that runs', async () => {
      const run = python('print("up")\nwhile True: pass');
      await run.until(() => run.stdout === 'up\n');
      run.stop();
      expect(await run.ended()).toMatchObject({ reason: 'stopped', message: 'Stopped.' });
    });

    test('lets a program that asks for it clean up, but not for long', async () => {
      const run = python(
        // The stop may come while the program is still in print: another print would then be an error.
        'import os, signal, time\ndef bye(*_):\n    os.write(1, b"bye\\n")\n    raise SystemExit(3)\nsignal.signal(signal.SIGTERM, bye)\nprint("up")\ntime.sleep(30)',
      );
      await run.until(() => run.stdout === 'up\n');
      run.stop();
      expect(await run.ended()).toMatchObject({ reason: 'stopped', exitCode: 3 });
      expect(run.stdout).toBe('up\nbye\n');
    });

    test('[A15] ends a program that ignores every signal it can', async () => {
      const run = python(
        'import signal, time\nfor s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)\nprint("up")\nwhile True: time.sleep(1)',
      );
      await run.until(() => run.stdout === 'up\n');
      const asked = performance.now();
      run.stop();
      expect(await run.ended()).toMatchObject({ reason: 'stopped', signal: 'SIGKILL' });
      expect(performance.now() - asked).toBeLessThan(5_000);
    });

    test('ends a compile', async () => {
      const run = runner.run('rust', {
        'main.rs':
          'const fn f(n: u64) -> u64 { let mut i = 0; while i < n { i += 1 } i }\nconst X: u64 = f(u64::MAX);\nfn main() { println!("{X}"); }',
      });
      await run.until(() => run.phases.some(({ phase }) => phase === 'compiling'));
      run.stop();
      expect(await run.ended()).toMatchObject({ reason: 'stopped' });
      expect(run.phases.map(({ phase }) => phase)).not.toContain('running');
    });

    test('ends runs that are queued, and the others go on', async () => {
      const runs = Array.from({ length: 8 }, (_, n) => python(`import time\ntime.sleep(0.3)\nprint(${n})`));
      await eventually('one is queued', () => runs.some((run) => run.phases[0]?.phase === 'queued'));
      const queued = runs.findLast((run) => run.phases.at(-1)?.phase === 'queued')!;
      queued.stop();
      expect(await queued.ended()).toMatchObject({ reason: 'stopped', wallMs: 0 });
      const others = runs.filter((run) => run !== queued);
      const ends = await Promise.all(others.map((run) => run.ended()));
      expect(ends.map(({ reason }) => reason)).toEqual(others.map(() => 'exit'));
    });

    test('[A22] racing the natural end gives exactly one end', async () => {
      for (let delay = 0; delay < 40; delay += 4) {
        const run = python('print(1)');
        await new Promise((resolve) => setTimeout(resolve, delay));
        run.stop();
        run.stop();
        const end = await run.ended();
        expect(['exit', 'stopped']).toContain(end.reason);
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(run.ends.length).toBe(1);
      }
    });

    test('of a run that is unknown or over is harmless', async () => {
      const run = python('print(1)');
      await run.ended();
      run.stop();
      runner.client.send({ type: 'run.stop', run: runId('nobody-at-all') });
      expect((await python('print(2)').ended()).reason).toBe('exit');
      expect(run.ends.length).toBe(1);
    });
  });

  describe('what is refused before anything starts', () => {
    test('[A25] a hostile file name', async () => {
      const run = runner.run('python', { 'main.py': 'print(1)', '../evil.py': '' });
      expect(await run.ended()).toMatchObject({ reason: 'files', wallMs: 0 });
      expect(run.ends[0]?.message).toContain('“../evil.py” cannot be used');
      expect(run.phases).toEqual([]);
    });

    test('[A24] huge or NUL-holding arguments and environment, with a sentence and no sandbox', async () => {
      const before = await containersAtRest();
      const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`A${n}`, '']));
      const refused: [object, string][] = [
        [{ args: ['a\0b'] }, 'An argument cannot contain a NUL character.'],
        [{ args: Array(65).fill('') }, 'A program can be given up to 64 arguments.'],
        [{ args: ['x'.repeat(32 << 10)] }, 'The arguments together are longer than 32768 bytes.'],
        [{ args: ['x'.repeat(8 << 20)] }, 'The arguments together are longer than 32768 bytes.'],
        [{ env: { A: 'a\0b' } }, 'The environment variable A cannot contain a NUL character.'],
        [{ env: { 'A\0B': '' } }, '“A�B” cannot name an environment variable.'],
        [{ env: { 'A=B': '' } }, '“A=B” cannot name an environment variable.'],
        [{ env: many }, 'A program can be given up to 64 environment variables.'],
        [
          { env: { A: 'x'.repeat(8 << 20) } },
          'The environment variables together are longer than 32768 bytes.',
        ],
      ];
      for (const [given, message] of refused) {
        const run = python('print("ran")', given);
        expect(await run.ended()).toMatchObject({ reason: 'files', wallMs: 0, exitCode: null, message });
        expect([run.phases, run.stdout]).toEqual([[], '']);
      }
      expect(await runner.containers()).toEqual(before);
    });

    test('[A24] what is as large as may be arrives whole', async () => {
      const run = python(
        'import os, sys\nprint(len(sys.argv) - 1, sum(map(len, sys.argv[1:])), len(os.environ["A"]))',
        {
          args: Array(64).fill('x'.repeat(511)),
          env: { A: 'x'.repeat((32 << 10) - 3) },
        },
      );
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual([`64 ${64 * 511} ${(32 << 10) - 3}\n`, '']);
    });

    test('a second run of an id that is under way', async () => {
      const run = python('import time\ntime.sleep(0.5)', { run: runId('twice-the-same') });
      const before = runner.client.problems.length;
      runner.client.send({
        type: 'run.start',
        run: runId('twice-the-same'),
        room: 'x',
        network: 'x',
        language: 'python',
        entry: 'main.py',
        files: [{ path: 'main.py', text: '' }],
      });
      await runner.client.until(() => runner.client.problems.length > before);
      expect(runner.client.problems.at(-1)).toContain('twice-the-same is under way');
      expect((await run.ended()).reason).toBe('exit');
    });

    test('lines that are no commands', async () => {
      for (const line of ['', 'nonsense', '{}', '{"type":"run.start"}', '[]', 'null'])
        runner.client.sendLine(line);
      await runner.client.until(() =>
        runner.client.problems.some((problem) => problem.includes('Not a command')),
      );
      expect((await python('print(1)').ended()).reason).toBe('exit');
    });
  });
});
