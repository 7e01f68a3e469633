/** A shell behind the forwarding server, in a process of its own. */
import { spawn } from 'node:child_process';
import { SHELL, SHELL_ENVIRONMENT } from '../ptys/ptys.ts';

/** Becomes the server, with the pseudo-terminal as an open file: between it and the shell is nothing. */
const SCRIPT = `
import fcntl, os, pty, struct, sys, termios
node, server, *shell = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0: os.execvp(shell[0], shell)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 16, 120, 0, 0))
os.set_inheritable(terminal, True)
os.execv(node, [node, server, str(terminal)])
`;

export type Forwarding = { readonly url: string; readonly pid: number; close(): void };

/** Null where there is no Python. */
export function startForwarding(): Promise<Forwarding | null> {
  const server = new URL('./server.ts', import.meta.url).pathname;
  const child = spawn('python3', ['-c', SCRIPT, process.execPath, server, ...SHELL], {
    env: SHELL_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', () => resolve(null));
    child.once('exit', () => reject(new Error('the forwarding server has ended')));
    child.stdout.on('data', (said: Buffer) => {
      const url = /forwarding at (\S+)/.exec(said.toString())?.[1];
      if (url !== undefined) resolve({ url, pid: child.pid!, close: () => void child.kill() });
    });
  });
}
