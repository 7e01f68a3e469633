/** Programs that go at the sandbox itself, or take all that it has: each has its end and its reason. */
import type { RunnerStatus } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { dockerClient } from '../../src/engine.ts';
import { LABEL } from '../../src/labels.ts';
import { memoryKillIn } from '../../src/memory-kill.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (text: string) => runner.run('python', { 'main.py': text });

describe.skipIf(skip)(`attacks on the sandbox${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('[A2] memory that no process holds counts as well, and the agent lives beside it', async () => {
    const segments = [
      'import ctypes, os',
      'libc = ctypes.CDLL(None)',
      'libc.shmat.restype = ctypes.c_void_p',
      'for n in range(64):',
      '    here = libc.shmat(libc.shmget(0, 16 << 20, 0o1600), None, 0)',
      '    if os.fork() == 0: ctypes.memset(here, 1, 16 << 20); os._exit(0)',
      '    os.wait()',
    ];
    const files = [
      'import os',
      'for folder in ("/tmp", "/w"):',
      '    try:',
      '        with open(folder + "/full", "wb") as file:',
      '            while True: file.write(bytes(1 << 20))',
      '    except OSError: pass',
      'unnamed = os.memfd_create("unnamed")',
      'while True: os.write(unnamed, bytes(1 << 20))',
    ];
    const runs = [segments, files].map((lines) => python(lines.join('\n')));
    const ends = await Promise.all(runs.map((run) => run.ended()));
    expect(ends.map(({ reason }) => reason)).toEqual(['memory', 'memory']);
  });

  test.each([
    ['in one process', ['x = []', 'while True: x.append(bytearray(8 << 20))']],
    [
      'in many, none of them large',
      [
        // Each has its memory before the next is made: else the limit of processes may be met first.
        'for n in range(100):',
        '    told, tell = os.pipe()',
        '    if os.fork() == 0:',
        '        lower()',
        '        x = bytearray(6 << 20)',
        '        os.write(tell, b".")',
        '        time.sleep(60)',
        '    os.close(tell)',
        '    if os.read(told, 1) == b"" or os.waitpid(-1, os.WNOHANG) != (0, 0): break',
        'os.kill(os.getpid(), signal.SIGKILL)',
      ],
    ],
    [
      'in files that no process holds',
      [
        'for folder in ("/tmp", "/w", "/dev/shm"):',
        '    try:',
        '        with open(folder + "/full", "wb") as file:',
        '            while True: file.write(bytes(1 << 20))',
        '    except OSError: pass',
        'unnamed = os.memfd_create("unnamed")',
        'while True: os.write(unnamed, bytes(1 << 20))',
      ],
    ],
  ])('[A2] memory, after asking to be the last whom the kernel ends: %s', async (_, lines) => {
    const lower = [
      'import os, signal, time',
      'def lower():',
      '    for pid in ("self", os.getppid(), 1):',
      '        for score in (-1000, -1, 0, 500, 999):',
      '            try:',
      '                with open(f"/proc/{pid}/oom_score_adj", "w") as file: file.write(str(score))',
      '                return',
      '            except OSError: pass',
      'lower()',
    ];
    const lost = runner.log().split('lost its sandbox').length;
    const run = python([...lower, ...lines].join('\n'));
    expect(await run.ended()).toMatchObject({ reason: 'memory', signal: 'SIGKILL' });
    expect([run.stderr, runner.log().split('lost its sandbox').length]).toEqual(['', lost]);
  });

  test('[A14] a flood of signals to process 1, and nothing left of what its user id may have, change neither order nor end', async () => {
    const run = python(
      [
        'import fcntl, os, signal, sys, time',
        'def flood():',
        '    until = time.monotonic() + 1',
        '    while time.monotonic() < until:',
        '        for number in (signal.SIGTERM, signal.SIGURG, signal.SIGPROF, signal.SIGSEGV, 40):',
        '            try: os.kill(1, number)',
        '            except OSError: pass',
        'for _ in range(3):',
        '    if os.fork() == 0: flood(); os._exit(0)',
        'pipes = []',
        'try:',
        '    while True:',
        '        pipes.append(os.pipe())',
        '        try: fcntl.fcntl(pipes[-1][1], 1031, 1 << 20)',
        '        except OSError: pass',
        'except OSError: print(len(pipes) > 100)',
        'for n in range(2000): print("line", n, file=sys.stderr if n % 2 else sys.stdout)',
        'for _ in range(3): os.wait()',
        'print("done")',
      ].join('\n'),
    );
    expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
    const told = run.stretches.map(({ text }) => text).join('');
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n}\n`).join('');
    expect(told).toBe(`True\n${lines}done\n`);
  });

  test('[A2] a memory kill is found at the engine when nobody is left to tell of it', async () => {
    const docker = dockerClient();
    const { image } = runner.client.status as RunnerStatus & { phase: 'ready' };
    const kills: boolean[] = [];
    for (const program of ['x = []\nwhile True: x.append(bytearray(1 << 20))', 'print(1)']) {
      const container = await docker.createContainer({
        Image: image,
        Entrypoint: ['python3', '-c', program],
        Labels: { [LABEL.instance]: runner.instance },
        HostConfig: { Memory: 32 << 20, MemorySwap: 32 << 20, AutoRemove: true },
      });
      const stream = await container.attach({ stream: true, stdout: true, stderr: true });
      const ended = new Promise((resolve) => stream.once('end', resolve));
      stream.resume();
      await container.start();
      await ended;
      kills.push(await memoryKillIn(docker, container.id, systemClock));
    }
    expect(kills).toEqual([true, false]);
  });

  test('[A13] process 1 can neither be traced nor written to', async () => {
    const run = python(
      [
        'import ctypes, errno, platform',
        'libc = ctypes.CDLL(None, use_errno=True)',
        'class iovec(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]',
        'buffer = ctypes.create_string_buffer(16)',
        'here = iovec(ctypes.addressof(buffer), 16); there = iovec(0x400000, 16)',
        'PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206',
        'for call in (',
        '    lambda: libc.ptrace(PTRACE_ATTACH, 1, None, None),',
        '    lambda: libc.ptrace(PTRACE_SEIZE, 1, None, None),',
        '    lambda: libc.process_vm_readv(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0),',
        '    lambda: libc.process_vm_writev(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0),',
        '):',
        '    ctypes.set_errno(0)',
        '    print(call(), errno.errorcode[ctypes.get_errno()])',
      ].join('\n'),
    );
    await run.ended();
    expect([run.stdout, run.stderr]).toEqual(['-1 EPERM\n'.repeat(4), '']);
  });

  test('[A21] a crash leaves no core, here or with the machine’s crash handler, and none can be asked for', async () => {
    const run = python(
      [
        'import os, resource, signal',
        'for limits in ((0, 0), (0, 1), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)):',
        '    try: resource.setrlimit(resource.RLIMIT_CORE, limits); print("changed")',
        '    except (PermissionError, ValueError): print("refused")',
        'for death in (signal.SIGSEGV, signal.SIGABRT, signal.SIGXCPU, signal.SIGXFSZ):',
        '    child = os.fork()',
        '    if child == 0:',
        '        signal.signal(death, signal.SIG_DFL)',
        '        os.kill(os.getpid(), death)',
        '    status = os.waitpid(child, 0)[1]',
        '    print(os.WTERMSIG(status) == death, os.WCOREDUMP(status))',
        'print(resource.getrlimit(resource.RLIMIT_CORE), os.listdir("/w"), os.listdir("/tmp"))',
      ].join('\n'),
    );
    await run.ended();
    expect([run.stdout, run.stderr]).toEqual([
      `${'refused\n'.repeat(3)}${'True False\n'.repeat(4)}(1, 1) ['main.py'] []\n`,
      '',
    ]);
  });

  test('[A25] names that look like ways out stay inside', async () => {
    const names = ['‥／x', '．．∕x', '…', '~', '$HOME', '-rf', '%2e%2e%2fx', 'CON'];
    for (const name of names) {
      const run = python('import os\nprint(sorted(os.listdir("/w")), sorted(os.listdir("/tmp")))');
      await run.ended();
      const hostile = runner.run('python', {
        'main.py': 'import os\nprint(len(os.listdir("/w")), os.listdir("/tmp"))',
        [name]: 'text',
      });
      const end = await hostile.ended();
      if (end.reason === 'files') expect(end.message).toContain('cannot be used');
      else expect([hostile.stdout, run.stdout]).toEqual(['2 []\n', "['main.py'] []\n"]);
    }
  });

  test('[A34] timers without end meet the wall', async () => {
    const run = runner.run(
      'javascript',
      { 'main.js': 'console.log("up"); setInterval(() => {}, 1000); setTimeout(() => {}, 2 ** 31 - 1);' },
      { limits: { wallMs: 1_500 } },
    );
    expect(await run.ended()).toMatchObject({ reason: 'wall' });
    expect(run.stdout).toBe('up\n');
  });

  test('[A35] Rust: macros and types that grow without end are ended with a reason', async () => {
    const macros =
      '#![recursion_limit = "4294967295"]\nmacro_rules! deep { ($($x:tt)*) => { deep!($($x)* x) }; }\nfn main() { deep!(x); }';
    const types =
      '#![recursion_limit = "100000"]\ntrait T { const N: usize; }\nstruct S<X>(X);\nimpl<X> T for S<X> where S<S<X>>: T { const N: usize = <S<S<X>> as T>::N; }\nfn main() { println!("{}", <S<u8> as T>::N); }';
    const runs = [macros, types].map((text) => runner.run('rust', { 'main.rs': text }));
    for (const run of runs) {
      const end = await run.ended();
      expect(['wall', 'cpu', 'memory', 'compile', 'signal']).toContain(end.reason);
      expect(end.message ?? run.stderr).not.toBe('');
      expect(run.phases.map(({ phase }) => phase)).not.toContain('running');
    }
  });
});
