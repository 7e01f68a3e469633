/** What a run leaves behind: nothing, in the sandboxes beside it, in those after it, or at the engine. */
import { afterAll, describe, expect, test } from 'vitest';
import type { ClientRun } from '../support/client.ts';
import { containerOf, SAY_CONTAINER } from './own-container.ts';
import { expectQuorum } from './quorum.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const python = (lines: string[], more: object = {}) =>
  runner.run('python', { 'main.py': lines.join('\n') }, more);

/** The engine's own hiccups when it removes a container. */
const REMOVAL_SLACK_MS = 250;

describe.skipIf(skip)(`what a run leaves behind${skip ? ` (skipped: ${skip})` : ''}`, () => {
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
});
