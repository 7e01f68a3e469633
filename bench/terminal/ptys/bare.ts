/** The same key on a pseudo-terminal of this machine, with nothing between. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Keys of one measurement. */
export const KEYS = 200;

/** Prints how many milliseconds each key took to its echo. The program is cat, as through the runner. */
const SCRIPT = `
import os, pty, time
pid, terminal = pty.fork()
if pid == 0: os.execvp("cat", ["cat"])
for _ in range(${KEYS}):
    began = time.perf_counter()
    os.write(terminal, b"x")
    os.read(terminal, 100)
    print((time.perf_counter() - began) * 1000)
    os.write(terminal, b"\\x7f")
    shown = b""
    while not shown.endswith(b"\\b \\b"): shown += os.read(terminal, 100)
os.kill(pid, 9)
`;

/** Milliseconds; null where there is no Python. */
export async function bareEchoes(): Promise<number[] | null> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', SCRIPT], { timeout: 60_000 });
    return stdout.trim().split('\n').map(Number);
  } catch {
    return null;
  }
}
