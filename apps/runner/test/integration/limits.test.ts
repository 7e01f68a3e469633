import { Language, RUNNER_LIMITS } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { containerOf, SAY_CONTAINER } from './own-container.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (text: string, more: object = {}) => runner.run('python', { 'main.py': text }, more);

describe.skipIf(skip)(`the limits of a run${skip ? ` (skipped: ${skip})` : ''}`, () => {
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
      // Node collects a heap that is nearly full again and again: a full machine takes more than half a minute.
      const run = runner.run(
        'javascript',
        { 'main.js': 'const a = []; for (;;) a.push(new Array(1e5).fill(a.length));' },
        { limits: { wallMs: RUNNER_LIMITS.maxWallMs } },
      );
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
      const run = python([...SAY_CONTAINER, 'import time', 'time.sleep(60)'].join('\n'), {
        // A busy engine takes a second to pause it.
        limits: { wallMs: 4_000 },
      });
      await run.until(() => run.stdout.endsWith('\n') || run.ends.length > 0);
      const container = containerOf(run);
      await container.pause();
      await new Promise((resolve) => setTimeout(resolve, 5_200));
      await container.unpause();
      const end = await run.ended();
      expect(end.reason).toBe('wall');
      expect(end.wallMs).toBeGreaterThan(5_100);
      expect(end.message).toBe(
        `The program was ended after ${Math.round(end.wallMs / 100) / 10} s: the sandbox stood still in between, and the time limit of 4 s was over.`,
      );
    });
  });
});
