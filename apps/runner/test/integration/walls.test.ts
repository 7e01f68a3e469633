import { afterAll, describe, expect, test } from 'vitest';
import { dockerClient } from '../../src/engine.ts';
import type { ClientRun } from '../support/client.ts';
import { expectQuorum } from './quorum.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner({ CODESYNC_TEST_SECRET: 'do-not-leak' });
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (lines: string[], more: object = {}) =>
  runner.run('python', { 'main.py': lines.join('\n') }, more);

/** Runs each expression and prints its error's name, or what it gave. */
const attempts = (imports: string, expressions: string[]) =>
  python([
    `import ${imports}`,
    ...expressions.flatMap((expression) => [
      'try:',
      `    print(repr(${expression}))`,
      'except BaseException as e:',
      '    print(type(e).__name__)',
    ]),
  ]);

/** Shorter than any time-out of a connection or a name. */
const WAITED_S = 0.25;

/** The engine's own hiccups when it removes a container. */
const REMOVAL_SLACK_MS = 250;

const milliseconds = (seconds: Record<string, number>) =>
  Object.entries(seconds)
    .map(([name, time]) => `${name} ${(time * 1000).toFixed(1)}`)
    .join(', ');

/** Prints the id of the container that it runs in: the engine mounts files out of a folder of that name. */
const SAY_CONTAINER = [
  'import re',
  'print(re.search(r"/containers/([0-9a-f]{64})/", open("/proc/self/mountinfo").read())[1], flush=True)',
];

/** The container of a run whose program has said it. */
const containerOf = (run: ClientRun) => dockerClient().getContainer(/^[0-9a-f]{64}$/m.exec(run.stdout)![0]);

describe.skipIf(skip)(`the walls of a sandbox${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('[A12] the agent cannot be read, written or traced', async () => {
    const run = attempts('os, ctypes', [
      'open("/proc/1/fd/1", "wb")',
      'open("/proc/1/mem", "rb")',
      'open("/proc/1/environ", "rb").read()',
      'os.listdir("/proc/1/fd")',
      'os.readlink("/proc/1/exe")',
      'open("/proc/1/maps").read()',
      'os.listdir("/proc/1/root")',
      'open("/proc/1/oom_score_adj", "w")',
      'open("/proc/1/task/1/mem", "r+b")',
    ]);
    await run.ended();
    expect(run.stdout).toBe('PermissionError\n'.repeat(9));
  });

  test('[A14] the agent survives every signal, a stop, and kill -9 -1, and reports the end', async () => {
    const run = python([
      'import os, signal',
      'for s in range(1, 65):',
      '    try: os.kill(1, s)',
      '    except OSError: pass',
      'print("alive", flush=True)',
      'import time',
      'if os.fork() == 0: time.sleep(60)',
      'os.kill(-1, signal.SIGKILL)',
      'print(os.wait()[1])',
      'print("still", flush=True)',
    ]);
    expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
    expect(run.stdout).toBe('alive\n9\nstill\n');
  });

  test('the agent’s limits and priority cannot be changed', async () => {
    const run = attempts('os, resource', [
      'resource.prlimit(1, resource.RLIMIT_CPU, (0, 0))',
      'resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))',
      'os.setpriority(os.PRIO_PROCESS, 1, 19)',
      'os.setpriority(os.PRIO_USER, 0, 19)',
      'os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))',
      'resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))',
    ]);
    await run.ended();
    expect(run.stdout).toBe(`${'PermissionError\n'.repeat(5)}None\n`);
  });

  test('[A16] a daemon in a session of its own is gone with the run, and so is the container', async () => {
    const run = python([
      ...SAY_CONTAINER,
      'import os, time',
      'if os.fork() == 0:',
      '    os.setsid()',
      '    if os.fork() == 0:',
      '        while True: os.write(1, b"."); time.sleep(0.05)',
      '    os._exit(0)',
      'input()',
    ]);
    await run.until(() => run.stdout.endsWith('..'));
    const container = containerOf(run);
    const removed = container.wait({ condition: 'removed' });
    run.stdin('\n');
    expect((await run.ended()).reason).toBe('exit');
    const shown = run.stdout;
    await removed;
    await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 });
    expect(run.stdout).toBe(shown);
    expect(run.ends.length).toBe(1);
  });

  test('[A17] a flood of zombies is reaped', async () => {
    const lines = [
      'import os, time',
      'for n in range(1000):',
      '    if os.fork() == 0:',
      '        if os.fork() == 0: os._exit(0)',
      '        os._exit(0)',
      '    os.wait()',
      'time.sleep(0.2)',
      'print(len([p for p in os.listdir("/proc") if p.isdigit()]) < 10)',
    ];
    // Thousands of forks take a busy machine longer than a run has by itself.
    const run = python(lines, { limits: { wallMs: 120_000 } });
    await run.ended();
    expect([run.stdout, run.stderr]).toEqual(['True\n', '']);
  });

  test('[A31] there is no network, which shows at once, but a loopback', async () => {
    const run = python([
      'import errno, json, socket, time',
      'ways = {',
      '    "tcp": lambda: socket.create_connection(("1.1.1.1", 80), 60),',
      '    "tcp6": lambda: socket.create_connection(("2606:4700:4700::1111", 80), 60),',
      '    "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("1.1.1.1", 53)),',
      '    "dns": lambda: socket.getaddrinfo("example.org", 80),',
      '    "raw": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),',
      '    "loopback": lambda: socket.create_connection(server.getsockname(), 60).close(),',
      '}',
      'server = socket.create_server(("127.0.0.1", 0))',
      'met, best = {}, {}',
      'for name, way in list(ways.items()) * 5:',
      '    began = time.perf_counter()',
      '    try: way(); met[name] = "connected"',
      '    except socket.gaierror as e: met[name] = "gaierror"',
      '    except OSError as e: met[name] = errno.errorcode[e.errno]',
      '    best[name] = min(best.get(name, 60), time.perf_counter() - began)',
      'print(json.dumps([met, best]))',
    ]);
    expect((await run.ended()).reason).toBe('exit');
    const [met, best] = JSON.parse(run.stdout);
    console.log(`the quickest of five, in ms: ${milliseconds(best)}`);
    expect(met).toEqual({
      tcp: 'ENETUNREACH',
      tcp6: 'ENETUNREACH',
      udp: 'ENETUNREACH',
      dns: 'gaierror',
      raw: 'EPERM',
      loopback: 'connected',
    });
    // Who waits for an answer does so every time, and for seconds; the quickest of five knows no busy machine.
    expect(Math.max(...(Object.values(best) as number[]))).toBeLessThan(WAITED_S);
  });

  test('[A30] socket families beside Unix and IP are denied', async () => {
    // NETLINK, PACKET, ALG, VSOCK, BLUETOOTH
    const run = attempts(
      'socket',
      [16, 17, 38, 40, 31].map((family) => `socket.socket(${family}, socket.SOCK_DGRAM)`),
    );
    await run.ended();
    expect(run.stdout).toBe('PermissionError\n'.repeat(5));
  });

  test('[A29] [A30] the calls that reach around a sandbox are denied', async () => {
    const calls = {
      ptrace: 101,
      mount: 165,
      umount2: 166,
      pivot_root: 155,
      chroot: 161,
      unshare: 272,
      setns: 308,
      bpf: 321,
      perf_event_open: 298,
      add_key: 248,
      keyctl: 250,
      process_vm_readv: 310,
      process_vm_writev: 311,
      io_uring_setup: 425,
      pidfd_getfd: 438,
      userfaultfd: 323,
      init_module: 175,
      kexec_load: 246,
      open_by_handle_at: 304,
      swapon: 167,
      reboot: 169,
      personality: 135,
    };
    const run = python([
      'import ctypes, errno, platform',
      'libc = ctypes.CDLL(None, use_errno=True)',
      `calls = ${JSON.stringify(calls)}`,
      'if platform.machine() == "x86_64":',
      '    for name, number in calls.items():',
      '        ctypes.set_errno(0)',
      '        result = libc.syscall(number, 0x7fffff, 0x7fffff, 0, 0, 0)',
      '        if (result, ctypes.get_errno()) != (-1, errno.EPERM): print(name, result, errno.errorcode.get(ctypes.get_errno()))',
      '    ctypes.set_errno(0)',
      '    print("clone3", libc.syscall(435, 0, 0), errno.errorcode[ctypes.get_errno()])',
    ]);
    await run.ended();
    expect([run.stdout, run.stderr]).toEqual(['clone3 -1 ENOSYS\n', '']);
  });

  test('[A29] new namespaces are denied by unshare, by setns and by every flag of clone; a plain clone works', async () => {
    const run = python([
      'import ctypes, errno, os, platform, signal',
      'libc = ctypes.CDLL(None, use_errno=True)',
      'CLONE, CLONE3 = {"x86_64": 56, "aarch64": 220}[platform.machine()], 435',
      'CLONE_THREAD = 0x10000',
      'flags = [name for name in dir(os) if name.startswith("CLONE_NEW") and name != "CLONE_NEWTIME"]',
      'def attempt(*call):',
      '    ctypes.set_errno(0)',
      '    child = libc.syscall(*call, 0, 0, 0, 0)',
      '    if child == 0: os._exit(7)',
      '    return errno.errorcode[ctypes.get_errno()] if child == -1 else os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])',
      'def denied(call):',
      '    try: return call() and False',
      '    except PermissionError: return True',
      'print(len(flags), [denied(lambda: os.unshare(getattr(os, name))) for name in flags])',
      'print(denied(lambda: os.setns(0)))',
      'print(attempt(CLONE, os.CLONE_NEWUSER | signal.SIGCHLD))',
      // A kernel that is asked refuses a thread without shared signals as EINVAL, whatever else is asked for and
      // whoever asks: EPERM is the word of the list, which comes first.
      'print([attempt(CLONE, getattr(os, name) | CLONE_THREAD) for name in flags])',
      'print(attempt(CLONE, CLONE_THREAD), attempt(CLONE, int(signal.SIGCHLD)))',
      'print(attempt(CLONE3, 0))',
    ]);
    await run.ended();
    const each = (word: string) => `[${Array(7).fill(word).join(', ')}]`;
    expect([run.stdout.trim().split('\n'), run.stderr]).toEqual([
      [`7 ${each('True')}`, 'True', 'EPERM', each("'EPERM'"), 'EINVAL 7', 'ENOSYS'],
      '',
    ]);
  });

  test('[A28] the kernel’s settings and the image are read-only', async () => {
    const run = attempts('os', [
      'open("/proc/sys/kernel/core_pattern", "w")',
      'open("/sys/fs/cgroup/x", "w")',
      'open("/usr/bin/python3", "wb")',
      'open("/etc/passwd", "a")',
      'os.mknod("/w/disk", 0o60600, os.makedev(8, 0))',
      'open("/opt/codesync/agent", "ab")',
    ]);
    await run.ended();
    for (const line of run.stdout.trim().split('\n')) expect(line).toMatch(/^(OSError|PermissionError)$/);
    expect(run.stdout.trim().split('\n').length).toBe(6);
  });

  test('[A32] [A33] it is nobody in particular, without rights and without programs that give some', async () => {
    const run = python([
      'import os, stat',
      'status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)',
      'print(os.getuid() >= 20000, os.getgid() >= 20000, set(os.getgroups()) <= {os.getgid()})',
      'print(status["CapEff"], status["CapPrm"], status["CapBnd"], status["NoNewPrivs"], status["Seccomp"])',
      'found = []',
      'for folder, _, names in os.walk("/", onerror=lambda e: None):',
      '    if folder.startswith(("/proc", "/sys")): continue',
      '    for name in names:',
      '        try: mode = os.lstat(os.path.join(folder, name)).st_mode',
      '        except OSError: continue',
      '        if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID): found.append(name)',
      'print(found)',
      'print(os.environ.get("CODESYNC_TEST_SECRET"), os.path.exists("/var/run/docker.sock"))',
      'print(sorted(os.environ))',
    ]);
    await run.ended();
    const lines = run.stdout.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'True True True',
      '0000000000000000 0000000000000000 0000000000000000 1 2',
      '[]',
      'None False',
    ]);
    expect(lines[4]).not.toMatch(/CODESYNC|SECRET|HOSTNAME/);
  });

  test('[A37] nothing of a run is there in one after it', async () => {
    const leave = python([
      'open("/tmp/mine", "w").write("x"); open("/w/mine", "w").write("x"); open("/dev/shm/mine", "w").write("x")',
      'print("left")',
    ]);
    await leave.ended();
    expect(leave.stdout).toBe('left\n');
    for (let n = 0; n < 4; n++) {
      const look = python([
        'import os',
        'print([f for d in ("/tmp", "/w", "/dev/shm") for f in os.listdir(d) if f == "mine"])',
        'print(sorted(int(p) for p in os.listdir("/proc") if p.isdigit())[0], len([p for p in os.listdir("/proc") if p.isdigit()]))',
      ]);
      await look.ended();
      expect(look.stdout).toBe('[]\n1 2\n');
    }
  });

  test('[A37] nothing of a run is there in one beside it, in another room', async () => {
    const mark = 'of-the-first-room';
    const key = 0x5ec2e7;
    const port = 40_404;
    const leave = [
      'import ctypes, mmap, os, socket, subprocess',
      'libc = ctypes.CDLL(None, use_errno=True)',
      `for folder in ("/w", "/tmp", "/dev/shm"): open(folder + "/${mark}", "w").close()`,
      'IPC_CREAT = 0o1000',
      `for get in (lambda f: libc.shmget(${key}, 4096, f), lambda f: libc.semget(${key}, 1, f), lambda f: libc.msgget(${key}, f)):`,
      '    assert get(IPC_CREAT | 0o666) != -1',
      `assert libc.mq_open(b"/${mark}", os.O_CREAT | os.O_RDWR, 0o666, None) != -1`,
      `abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0${mark}"); abstract.listen()`,
      `tcp = socket.create_server(("127.0.0.1", ${port}))`,
      `child = subprocess.Popen(["sleep-${mark}", "1000"], executable="/usr/bin/sleep", env={"MARK": "${mark}"})`,
      // A program that was just begun has neither yet, for a moment.
      `while any(b"${mark}" not in open(f"/proc/{child.pid}/{kind}", "rb").read() for kind in ("environ", "cmdline")): pass`,
    ];
    /** Prints where it finds something of the first room. */
    const look = [
      'import ctypes, os, socket',
      'libc = ctypes.CDLL(None, use_errno=True)',
      'def inside(kind):',
      '    for pid in filter(str.isdigit, os.listdir("/proc")):',
      '        if pid == str(os.getpid()): continue',
      '        try:',
      `            if b"${mark}" in open(f"/proc/{pid}/{kind}", "rb").read(): return True`,
      '        except OSError: pass',
      '    return False',
      'def works(call):',
      '    try: call()',
      '    except OSError: return False',
      '    return True',
      'print(*(name for name, found in {',
      ...['/w', '/tmp', '/dev/shm', '/proc/1/root/w', '/proc/1/cwd'].map(
        (folder) => `    "${folder}": os.path.exists("${folder}/${mark}"),`,
      ),
      `    "shm": libc.shmget(${key}, 0, 0) != -1,`,
      `    "sem": libc.semget(${key}, 0, 0) != -1,`,
      `    "msg": libc.msgget(${key}, 0) != -1,`,
      `    "sysvipc": any(str(${key}) in open("/proc/sysvipc/" + table).read() for table in ("shm", "sem", "msg")),`,
      `    "mq": libc.mq_open(b"/${mark}", os.O_RDWR) != -1,`,
      '    "environ": inside("environ"),',
      '    "cmdline": inside("cmdline"),',
      '    "mountinfo": inside("mountinfo"),',
      `    "abstract": works(lambda: socket.socket(socket.AF_UNIX).connect("\\0${mark}")),`,
      `    "tcp": works(lambda: socket.create_connection(("127.0.0.1", ${port}), 5)),`,
      '}.items() if found), sep=" ", flush=True)',
    ];
    const first = python([...leave, ...look, 'input()', ...look], { room: 'first' });
    await first.until(() => first.stdout.includes('\n') || first.ends.length > 0);
    const second = python([...look, 'try: os.kill(-1, 9)', 'except ProcessLookupError: print("alone")'], {
      room: 'second',
    });
    expect((await second.ended()).reason).toBe('exit');
    expect([second.stdout, second.stderr]).toEqual(['\nalone\n', '']);
    expect(first.ends).toEqual([]);
    first.stdin('\n');
    expect(await first.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
    const there = '/w /tmp /dev/shm shm sem msg sysvipc mq environ cmdline abstract tcp\n';
    expect([first.stdout, first.stderr]).toEqual([there + there, '']);
  });

  test('[A26] [A27] folders 5,000 deep, links that loop, FIFOs and sockets: nobody opens them, and the container goes', async () => {
    const awkward = [
      'import os, socket, stat',
      'kept = []',
      'for folder in ("/w", "/tmp"):',
      '    os.chdir(folder)',
      '    os.mkfifo("pipe")',
      '    listening = socket.socket(socket.AF_UNIX); listening.bind("socket"); listening.listen(); listening.setblocking(False)',
      '    kept.append(listening)',
      '    for kind, device in ((stat.S_IFCHR, os.makedev(1, 3)), (stat.S_IFCHR, os.makedev(5, 1)), (stat.S_IFBLK, os.makedev(8, 0))):',
      '        try: os.mknod("device", kind | 0o600, device); print("made")',
      '        except PermissionError: print("denied")',
      '    os.symlink("loop", "loop"); os.symlink("there", "here"); os.symlink("here", "there")',
      '    os.mkdir("folder"); os.symlink("..", "folder/up")',
      '    for link in ("loop", "here", "folder/up/" * 41):',
      '        try: open(link); print("opened")',
      '        except OSError as e: print(e.strerror)',
      '    depth = 0',
      '    try:',
      '        while True: os.mkdir("d"); os.chdir("d"); depth += 1',
      '    except OSError as e: print(depth >= 5000, e.strerror, flush=True)',
      'input()',
      'for folder, listening in zip(("/w", "/tmp"), kept):',
      '    try: os.open(folder + "/pipe", os.O_WRONLY | os.O_NONBLOCK); print("somebody reads")',
      '    except OSError as e: print(e.strerror)',
      '    try: listening.accept(); print("somebody connected")',
      '    except BlockingIOError: print("nobody")',
    ];
    const inFolder = `${'denied\n'.repeat(3)}${'Too many levels of symbolic links\n'.repeat(3)}True No space left on device\n`;
    const [asMade, asLeft] = [inFolder.repeat(2), 'No such device or address\nnobody\n'.repeat(2)];
    const said = (run: ClientRun) => run.stdout.slice(run.stdout.indexOf('\n') + 1);
    /** Milliseconds from a run's end to its container's; what it says before its input and after it is checked. */
    const removal = async (lines: string[], before: string, after: string): Promise<number> => {
      const run = python([...SAY_CONTAINER, ...lines]);
      await run.until(() => run.stdout !== '' && said(run) === before);
      const removed = containerOf(run).wait({ condition: 'removed' });
      run.stdin('\n');
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      const began = performance.now();
      await removed;
      const took = performance.now() - began;
      expect([said(run), run.stderr]).toEqual([before + after, '']);
      return took;
    };
    const figures: string[] = [];
    await expectQuorum('a folder like this is removed', async () => {
      const plain = await removal(['input()'], '', '');
      const deep = await removal(awkward, asMade, asLeft);
      figures.push(`${Math.round(plain)}/${Math.round(deep)}`);
      return deep < 2 * plain + REMOVAL_SLACK_MS;
    });
    console.log(`ms to the end of the container, plain/like this: ${figures.join(' ')}`);
  });

  test('[A3] neither memory nor swap beyond the limit, read back from the kernel', async () => {
    const run = python([
      'import os',
      'v2 = "/sys/fs/cgroup/memory.max"',
      'names = [v2, "/sys/fs/cgroup/memory.swap.max"] if os.path.exists(v2) else ["/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"]',
      'for name in names: print(open(name).read().strip() if os.path.exists(name) else "no swap accounting")',
    ]);
    await run.ended();
    const [memory, swap] = run.stdout.trim().split('\n');
    expect(memory).toBe(`${512 * 1024 * 1024}`);
    expect([`${512 * 1024 * 1024}`, '0', 'no swap accounting']).toContain(swap);
  });
});
