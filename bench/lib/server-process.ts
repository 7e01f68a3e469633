/** A server as a child process that says where it listens. */
import { type ChildProcess, spawn } from 'node:child_process';

/** How long a server may take to listen, and to stop when asked. */
const START_MS = 60_000;
const STOP_MS = 15_000;

export type ServerProcess = {
  readonly pid: number;
  /** What `listening` captured in the server's output. */
  readonly place: string;
  stop(): Promise<void>;
};

const children = new Set<ChildProcess>();
process.on('exit', () => {
  // Asked rather than killed: a server that is killed leaves its database running.
  for (const child of children) child.kill('SIGTERM');
});

/**
 * Runs `file` with Node until `stop`.
 *
 * @param listening matched against the server's output; its first group is `place`.
 * @param profile a folder for a CPU profile, null for none.
 */
export function startProcess(
  file: string,
  listening: RegExp,
  environment: Readonly<Record<string, string>>,
  profile: string | null,
): Promise<ServerProcess> {
  const flags = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...flags, file], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      children.delete(child);
      reject(new Error(`${file} ended (${signal ?? code}): ${output.trim().split('\n').at(-1)}`));
    });
    const read = (chunk: Buffer): void => {
      output = `${output}${chunk}`.slice(-4_000);
      const place = listening.exec(output)?.[1];
      if (place === undefined) return;
      clearTimeout(late);
      resolve({ pid: child.pid!, place, stop: () => stop(child) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
