import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Language, RUNNER_LIMITS } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { dockerClient } from '../../src/engine.ts';
import { eventually, skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (text: string, more: object = {}) => runner.run('python', { 'main.py': text }, more);

/** The containers of the pool when it is full and nothing runs. */
async function containersAtRest(): Promise<string[]> {
  let containers: string[] = [];
  await eventually('nothing but a full pool is there', async () => {
    const { status } = runner.client;
    const pools = status?.phase === 'ready' ? Object.values(status.pools) : [];
    containers = await runner.containers();
    const wanted = pools.reduce((sum, pool) => sum + pool.wanted, 0);
    return pools.every(({ warm, wanted }) => warm === wanted) && containers.length === wanted;
  });
  return containers;
}

/** The agent's sources but for the file that makes them a program. */
function agentWithoutMain(): Record<string, string> {
  const folder = fileURLToPath(new URL('../../../../sandbox/agent/', import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.go') && name !== 'main.go');
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
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

    test('[A20] in the agent’s own code, as the program of one run: exit codes 0 to 255 of real processes, and deaths by signals', async () => {
      const deaths = [
        'SIGHUP',
        'SIGINT',
        'SIGQUIT',
        'SIGILL',
        'SIGABRT',
        'SIGKILL',
        'SIGSEGV',
        'SIGTERM',
      ] as const;
      const numbers = deaths.map((name) => constants.signals[name]);
      const main = [
        'package main',
        'import ("fmt"; "os")',
        'func main() {',
        '\tchildren := newChildren(openOOMScore())',
        '\tj := newJob(startMessage{}, nil, nil, children, findCgroup(), nil)',
        '\ttell := func(script string, number int) {',
        '\t\targv := []string{"sh", "-c", script, "sh", fmt.Sprint(number)}',
        '\t\t_, done, err := children.spawn("/bin/sh", argv, nil, workspace, []*os.File{os.Stdin, os.Stdout, os.Stderr})',
        '\t\tif err != nil { panic(err) }',
        '\t\tout := j.judge(<-done)',
        '\t\tcode := "none"',
        '\t\tif out.code != nil { code = fmt.Sprint(*out.code) }',
        '\t\tfmt.Printf("%s %s %q\\n", out.reason, code, out.signal)',
        '\t}',
        '\tfor code := range 256 { tell("exit $1", code) }',
        `\tfor _, signal := range []int{${numbers}} { tell("kill -$1 $$", signal) }`,
        '}',
      ].join('\n');
      const run = runner.run('go', { 'main.go': main, ...agentWithoutMain() });
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(run.stdout.trimEnd().split('\n')).toEqual([
        ...Array.from({ length: 256 }, (_, code) => `exit ${code} ""`),
        ...deaths.map((name) => `signal none "${name}"`),
      ]);
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
        'import signal, time\ndef bye(*_):\n    print("bye")\n    raise SystemExit(3)\nsignal.signal(signal.SIGTERM, bye)\nprint("up")\ntime.sleep(30)',
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
      runner.client.send({ type: 'run.stop', run: 'nobody' });
      expect((await python('print(2)').ended()).reason).toBe('exit');
      expect(run.ends.length).toBe(1);
    });
  });

  describe('limits', () => {
    test('wall time', async () => {
      const run = python('import time\nprint("up")\ntime.sleep(60)', { limits: { wallMs: 700 } });
      const end = await run.ended();
      expect(end).toMatchObject({ reason: 'wall', signal: 'SIGKILL' });
      expect(end.message).toBe('The program was ended after 0.7 s, the time limit.');
      expect(run.stdout).toBe('up\n');
    });

    test('processor time, over all processes together', async () => {
      const run = python('import os\nos.fork()\nwhile True: pass', { limits: { cpuMs: 600 } });
      expect(await run.ended()).toMatchObject({ reason: 'cpu' });
    });

    test('[A2] memory: the program is killed, the agent lives to say so', async () => {
      const run = python('x = []\nwhile True: x.append(bytearray(8 << 20))');
      const end = await run.ended();
      expect(end).toMatchObject({ reason: 'memory', signal: 'SIGKILL' });
      expect(end.message).toContain('512 MiB');
      expect(end.peakBytes).toBeGreaterThan(300 << 20);
    });

    test('[A2] memory of a Node heap', async () => {
      const run = runner.run('javascript', {
        'main.js': 'const a = []; for (;;) a.push(new Array(1e5).fill(a.length));',
      });
      expect(await run.ended()).toMatchObject({ reason: 'memory' });
    });

    test('[A1] processes: a fork bomb is refused and ended; others go on', async () => {
      const bomb = python(
        'import os\nprint("up")\nwhile True:\n    try: os.fork()\n    except OSError: pass',
      );
      await bomb.until(() => bomb.stdout.includes('up'));
      const other = python('print("fine")');
      expect(await other.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(await bomb.ended()).toMatchObject({ reason: 'pids' });
    });

    test('[A4] [A5] disk space and number of files, in both folders', async () => {
      const source = [
        'import os',
        'for folder in ("/w", "/tmp"):',
        '    try:',
        '        with open(folder + "/big", "wb") as f:',
        '            while True: f.write(b"x" * (1 << 20)); f.flush()',
        '    except OSError as e: print(folder, e.strerror)',
        '    os.unlink(folder + "/big")',
        '    try:',
        '        for n in range(100_000): open(f"{folder}/s{n}", "w").close()',
        '    except OSError as e: print(folder, e.strerror)',
        '    for name in os.listdir(folder):',
        '        if name[0] == "s": os.unlink(folder + "/" + name)',
      ].join('\n');
      const run = python(source);
      const end = await run.ended();
      expect(run.stdout).toBe(
        '/w No space left on device\n/w No space left on device\n/tmp No space left on device\n/tmp No space left on device\n',
      );
      expect(end.reason).toBe('exit');
    });

    test('[A35] Rust that includes a file without end', async () => {
      const run = runner.run('rust', {
        'main.rs': 'const X: &str = include_str!("/dev/zero");\nfn main() { println!("{X}"); }',
      });
      const end = await run.ended();
      // It reads at the speed of the machine: which of the two it meets first is not for a test to say.
      expect(['memory', 'wall']).toContain(end.reason);
      expect(end.message).toMatch(
        /^The compiler was ended(: it needed more than the 512 MiB of memory that a run has| after 20 s, the time limit)\.$/,
      );
    });

    test('[A35] Rust that evaluates a constant for ever meets the compile’s time, or the run’s processor time', async () => {
      const source =
        '#![allow(long_running_const_eval)]\nconst fn f(n: u64) -> u64 { let mut i = 0; while i < n { i += 1 } i }\nconst X: u64 = f(u64::MAX);\nfn main() { println!("{X}"); }';
      const byTime = runner.run('rust', { 'main.rs': source });
      const byProcessor = runner.run('rust', { 'main.rs': source }, { limits: { cpuMs: 2_000 } });
      expect(await byProcessor.ended()).toMatchObject({
        reason: 'cpu',
        wallMs: 0,
        message: 'The compiler was ended after 2 s of processor time, the limit.',
      });
      const end = await byTime.ended();
      expect(end).toMatchObject({
        reason: 'wall',
        wallMs: 0,
        message: 'The compiler was ended after 20 s, the time limit.',
      });
      expect(end.compileMs).toBeGreaterThanOrEqual(RUNNER_LIMITS.compileWallMs);
      for (const run of [byTime, byProcessor])
        expect(run.phases.map(({ phase }) => phase)).not.toContain('running');
    });

    test('[A36] a compile that needs too much memory', async () => {
      const run = runner.run('go', {
        'main.go': 'package main\nvar a = [1 << 30]byte{0: 1, 1<<30 - 1: 2}\nfunc main() { println(a[7]) }',
      });
      const end = await run.ended();
      expect(end.reason).toBe('memory');
      expect(end.message).toMatch(/^The compiler was ended: it needed more/);
    });
  });

  describe('the program’s own end and the limits that it met are two things', () => {
    const EATER = `b"x" * (1 << 30)`;
    const memory = [{ limit: 'memory', times: 1, message: expect.stringContaining('512 MiB') }];
    /** A program that starts a process that is killed for memory, goes on, and ends in this way. */
    const parents: Record<Language, (end: 'well' | 'failed') => Record<string, string>> = {
      python: (end) => ({
        'main.py': `import subprocess, sys\nsubprocess.run([sys.executable, "-c", ${JSON.stringify(EATER)}])\nassert ${end === 'well' ? 'True' : 'False'}`,
      }),
      javascript: (end) => ({
        'main.js': `require('child_process').spawnSync('python3', ['-c', ${JSON.stringify(EATER)}]);\n${end === 'well' ? '' : 'throw new Error("unrelated")'}`,
      }),
      go: (end) => ({
        'main.go': `package main\nimport "os/exec"\nfunc main() {\n exec.Command("python3", "-c", ${JSON.stringify(EATER)}).Run()\n ${end === 'well' ? '' : 'panic("unrelated")'}\n}`,
      }),
      rust: (end) => ({
        'main.rs': `fn main() {\n let _ = std::process::Command::new("python3").args(["-c", ${JSON.stringify(EATER)}]).status();\n ${end === 'well' ? '' : 'panic!("unrelated")'}\n}`,
      }),
    };
    const FAILED: Record<Language, number> = { python: 1, javascript: 1, go: 2, rust: 101 };

    test.each(Language.options)('a child killed for memory, in %s', async (language) => {
      for (const [end, exitCode] of [['well', 0] as const, ['failed', FAILED[language]] as const]) {
        const run = runner.run(language, parents[language](end));
        expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode, signal: null, limits: memory });
      }
    });

    const THREADS: Record<Language, Record<string, string>> = {
      python: {
        'main.py':
          'import sys, threading\nheld = threading.Event()\ntry:\n    for _ in range(200): threading.Thread(target=held.wait, daemon=True).start()\nexcept RuntimeError: sys.exit(1)',
      },
      javascript: {
        'main.js':
          "const { spawnSync } = require('child_process');\nspawnSync('sh', ['-c', 'for n in $(seq 200); do sleep 3 & done'], { stdio: 'ignore' });\nprocess.exit(1);",
      },
      go: {
        'main.go':
          'package main\nimport ("os"; "os/exec")\nfunc main() {\n for { if exec.Command("sleep", "9").Start() != nil { os.Exit(1) } }\n}',
      },
      rust: {
        'main.rs':
          'fn main() {\n let sleep = || std::thread::sleep(std::time::Duration::from_secs(9));\n for _ in 0..200 {\n  if std::thread::Builder::new().stack_size(1 << 16).spawn(sleep).is_err() { std::process::exit(1) }\n }\n}',
      },
    };

    test.each(Language.options)('processes or threads that were refused, in %s', async (language) => {
      expect(await runner.run(language, THREADS[language]).ended()).toMatchObject({
        reason: 'exit',
        exitCode: 1,
        limits: [
          { limit: 'pids', message: expect.stringContaining('was refused another process or thread') },
        ],
      });
    });

    test.each<[Language, Record<string, string>]>([
      [
        'go',
        {
          'main.go':
            'package main\nfunc main() {\n var a [][]byte\n for {\n  b := make([]byte, 8<<20)\n  for i := range b { b[i] = 1 }\n  a = append(a, b)\n }\n}',
        },
      ],
      ['rust', { 'main.rs': 'fn main() { let mut a = vec![]; loop { a.push(vec![1u8; 8 << 20]) } }' }],
    ])('the program itself killed for memory ends by it, in %s', async (language, files) => {
      const end = await runner.run(language, files).ended();
      expect(end).toMatchObject({ reason: 'memory', exitCode: null, signal: 'SIGKILL' });
      expect(end).not.toHaveProperty('limits');
    });

    test('a run that is stopped tells of the child too', async () => {
      const source = `import subprocess, sys, time\nsubprocess.run([sys.executable, "-c", ${JSON.stringify(EATER)}])\nprint("went on", flush=True)\ntime.sleep(60)`;
      const stopped = python(source);
      await stopped.until(() => stopped.stdout !== '' || stopped.ends.length > 0);
      stopped.stop();
      expect(await stopped.ended()).toMatchObject({ reason: 'stopped', limits: memory });
    });

    test('a flood that goes on behind the program’s back is told beside its own end', async () => {
      const run = python(
        'import os, sys\nfor _ in range(16): os.write(1, b"x" * (1 << 20))\nos.write(1, b"x")\nos._exit(0)',
      );
      const end = await run.ended();
      // The agent may see the flood or the end first: what it says has to be true of both.
      if (end.reason === 'exit')
        expect(end).toMatchObject({ exitCode: 0, signal: null, limits: [{ limit: 'output', times: 1 }] });
      else expect(end).toMatchObject({ reason: 'output', exitCode: null, signal: 'SIGKILL' });
    });

    test('a sandbox that was paused tells how long it took', async () => {
      const run = python(
        'import re, time\nprint(re.search(r"/containers/([0-9a-f]{64})/", open("/proc/self/mountinfo").read())[1], flush=True)\ntime.sleep(60)',
        {
          limits: { wallMs: 1_000 },
        },
      );
      await run.until(() => run.stdout.endsWith('\n') || run.ends.length > 0);
      const container = dockerClient().getContainer(run.stdout.trim());
      await container.pause();
      await new Promise((resolve) => setTimeout(resolve, 2_200));
      await container.unpause();
      const end = await run.ended();
      expect(end.reason).toBe('wall');
      expect(end.wallMs).toBeGreaterThan(2_100);
      expect(end.message).toBe(
        `The program was ended after ${Math.round(end.wallMs / 100) / 10} s: the sandbox stood still in between, and the time limit of 1 s was over.`,
      );
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
      const run = python('import time\ntime.sleep(0.5)', { run: 'twice' });
      const before = runner.client.problems.length;
      runner.client.send({
        type: 'run.start',
        run: 'twice',
        room: 'x',
        network: 'x',
        language: 'python',
        entry: 'main.py',
        files: [{ path: 'main.py', text: '' }],
      });
      await runner.client.until(() => runner.client.problems.length > before);
      expect(runner.client.problems.at(-1)).toContain('twice is under way');
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
