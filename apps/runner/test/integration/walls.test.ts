import { afterAll, describe, expect, test } from 'vitest';
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
    const end = await run.ended();
    expect(run.stdout).toBe('alive\n9\nstill\n');
    expect(end).toMatchObject({ reason: 'exit', exitCode: 0 });
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

  test('[A16] a daemon in a session of its own is gone with the run', async () => {
    const run = python([
      'import os, time',
      'if os.fork() == 0:',
      '    os.setsid()',
      '    if os.fork() == 0:',
      '        while True: os.write(1, b"."); time.sleep(0.05)',
      '    os._exit(0)',
      'time.sleep(0.3)',
      'print("done")',
    ]);
    expect((await run.ended()).reason).toBe('exit');
    const shown = run.stdout;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(run.stdout).toBe(shown);
    expect(run.ends.length).toBe(1);
  });

  test('[A17] a flood of zombies is reaped', async () => {
    const run = python([
      'import os, time',
      'for n in range(1000):',
      '    if os.fork() == 0:',
      '        if os.fork() == 0: os._exit(0)',
      '        os._exit(0)',
      '    os.wait()',
      'time.sleep(0.2)',
      'print(len([p for p in os.listdir("/proc") if p.isdigit()]) < 10)',
    ]);
    await run.ended();
    expect([run.stdout, run.stderr]).toEqual(['True\n', '']);
  });

  test('[A31] there is no network, but a loopback', async () => {
    const run = attempts('socket, threading', [
      'socket.create_connection(("1.1.1.1", 80), 5)',
      'socket.getaddrinfo("example.org", 80)',
      'socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)',
      '(s := socket.create_server(("127.0.0.1", 0))) and socket.create_connection(s.getsockname(), 5).getpeername()[0]',
    ]);
    const end = await run.ended();
    expect(run.stdout).toBe("OSError\ngaierror\nPermissionError\n'127.0.0.1'\n");
    expect(end.wallMs).toBeLessThan(5_000);
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

  test('[A29] new namespaces are denied through clone as well', async () => {
    const run = attempts('os', [
      'os.unshare(os.CLONE_NEWUSER)',
      'os.unshare(os.CLONE_NEWNET)',
      'os.setns(0)',
    ]);
    await run.ended();
    expect(run.stdout).toBe('PermissionError\nPermissionError\nPermissionError\n');
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

  test('[A37] nothing of one run is there in another', async () => {
    const leave = python([
      'open("/tmp/mine", "w").write("x"); open("/w/mine", "w").write("x"); open("/dev/shm/mine", "w").write("x")',
      'from multiprocessing import shared_memory',
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

  test('[A26] [A27] FIFOs, links that loop and deep folders are bounded work', async () => {
    const run = python([
      'import os',
      'os.mkfifo("/w/pipe"); os.symlink("/w/loop", "/w/loop")',
      'os.chdir("/w")',
      'n = 0',
      'try:',
      '    for n in range(20000): os.mkdir("d"); os.chdir("d")',
      'except OSError as e: print(n > 1000, e.strerror)',
    ]);
    expect((await run.ended()).reason).toBe('exit');
    expect(run.stdout).toMatch(/^True .+\n$/);
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
