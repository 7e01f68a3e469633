/**
 * A Docker engine to talk to: the one that answers, or one that this machine can be given.
 *
 * On a Debian-family machine, as root, the engine is installed from the distribution's packages and started;
 * nowhere else is anything touched. What this file started, it stops again, unless somebody else uses it.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { answered } from './deadline.ts';
import { canInstall, hasProgram, install } from './installing.ts';
import { LABEL } from './labels.ts';
import { lastLine } from './unready.ts';

const run = promisify(execFile);

const PING_MS = 3_000;
/** A first start makes the engine's folders and scans what an unclean end left. */
const START_MS = 60_000;
/** Less than the runner's own end may take (see main.ts), together with what is asked before. */
const STOP_MS = 15_000;

/** Who keeps the engine alive: somebody else, a process of ours, or the machine's service manager for us. */
type EngineOwner =
  | { readonly kind: 'other' }
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'service' };

export type Engine =
  | { readonly kind: 'up'; readonly docker: Docker; readonly owner: EngineOwner }
  | { readonly kind: 'absent'; readonly reason: string; readonly mend: string };

export type EngineOptions = {
  /** `never`: use an engine that answers, install and start nothing. */
  readonly mode: 'auto' | 'never';
  /** Folder for the engine's log and the note of what was started. */
  readonly dataDir: string;
  /** One sentence for the person at the terminal, said before something slow begins. */
  readonly say: (phase: 'starting' | 'installing', sentence: string) => void;
};

/** A client for the engine that `DOCKER_HOST` names, or the local socket. */
export function dockerClient(): Docker {
  return new Docker();
}

/** Null when the engine answers within `ms`, else the error's code, such as `ENOENT` or `EACCES`. */
export async function engineProblem(docker: Docker, ms = PING_MS): Promise<string | null> {
  const silence = AbortSignal.timeout(ms);
  try {
    // Its types leave the options out.
    const ping = docker.ping as (options: { abortSignal: AbortSignal }) => Promise<unknown>;
    await ping.call(docker, { abortSignal: silence });
    return null;
  } catch (error) {
    if (silence.aborted) return 'no answer';
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Finds, installs or starts an engine as `options` allow. Never throws: what cannot be done is `absent`. */
export async function ensureEngine(options: EngineOptions): Promise<Engine> {
  const docker = dockerClient();
  const problem = await engineProblem(docker);
  if (problem === null) return { kind: 'up', docker, owner: ownerFromNote(options.dataDir) };
  const hopeless = whyNotStart(problem, options.mode);
  if (hopeless !== null) return hopeless;
  try {
    if (!hasProgram('dockerd')) await install(['docker.io'], options);
    return { kind: 'up', docker, owner: await start(docker, options) };
  } catch (error) {
    return {
      kind: 'absent',
      reason: `The container engine could not be started: ${lastLine(error)}`,
      mend: `Start Docker on this machine (see ${join(options.dataDir, 'dockerd.log')}); CodeSync notices by itself.`,
    };
  }
}

/**
 * Ends an engine that this file started, unless containers of others run on it. An engine of somebody else's
 * is never touched.
 */
export async function releaseEngine(
  engine: Engine & { kind: 'up' },
  dataDir: string,
  instance: string,
): Promise<void> {
  if (engine.owner.kind === 'other' || (await usedByOthers(engine.docker, instance))) return;
  if (engine.owner.kind === 'service') {
    await run('systemctl', ['stop', 'docker.socket', 'docker.service'], { timeout: STOP_MS }).catch(() => {});
  } else {
    try {
      process.kill(engine.owner.pid, 'SIGTERM');
    } catch {
      // Gone already.
    }
    const deadline = Date.now() + STOP_MS;
    while (isDockerd(engine.owner.pid) && Date.now() < deadline) await sleep(100);
  }
  rmSync(notePath(dataDir), { force: true });
}

function whyNotStart(problem: string, mode: 'auto' | 'never'): (Engine & { kind: 'absent' }) | null {
  const absent = (reason: string, mend: string) => ({ kind: 'absent', reason, mend }) as const;
  const host = process.env.DOCKER_HOST;
  if (host)
    return absent(`The Docker engine at ${host} does not answer.`, 'Start it, or correct DOCKER_HOST.');
  if (problem === 'EACCES')
    return absent(
      'This user may not talk to the Docker engine.',
      'Add the user to the group docker (sudo usermod -aG docker $USER), log in again, and start CodeSync.',
    );
  if (mode === 'never')
    return absent(
      'No Docker engine answers, and CODESYNC_DOCKER=never forbids starting one.',
      'Start Docker, or unset CODESYNC_DOCKER.',
    );
  if (!hasProgram('dockerd') && !canInstall())
    return absent(
      'Docker is not installed on this machine.',
      'Install Docker (on Debian or Ubuntu: sudo apt-get install docker.io), then start CodeSync again.',
    );
  if (process.getuid?.() !== 0)
    return absent(
      'The Docker engine is not running.',
      'Start it: sudo systemctl start docker (or sudo service docker start).',
    );
  return null;
}

async function start(docker: Docker, options: EngineOptions): Promise<EngineOwner> {
  // Installing the package may itself have started the service.
  if ((await engineProblem(docker)) === null) return { kind: 'other' };
  const earlier = ownerFromNote(options.dataDir);
  if (earlier.kind === 'process') {
    options.say('starting', 'Waiting for the Docker engine, which runs but does not answer.');
    await answering(docker, null);
    return earlier;
  }
  options.say('starting', 'Starting the Docker engine.');
  if (existsSync('/run/systemd/system')) {
    await run('systemctl', ['start', 'docker.service'], { timeout: START_MS });
    await answering(docker, null);
    writeNote(options.dataDir, { kind: 'service' });
    return { kind: 'service' };
  }
  const log = openSync(join(options.dataDir, 'dockerd.log'), 'a');
  // Sandboxes have no network and the image is built on the host's, so the host's firewall and interfaces
  // are left as they are.
  const daemon = spawn(
    'dockerd',
    ['--bridge=none', '--iptables=false', '--ip6tables=false', '--log-level=warn'],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin` },
    },
  );
  daemon.unref();
  let ended: string | null = null;
  daemon.once('error', (error) => {
    ended = error.message;
  });
  daemon.once('exit', (code, signal) => {
    ended = `dockerd ended with ${signal ?? code}`;
  });
  await answering(docker, () => ended);
  if (ended !== null) return { kind: 'other' };
  const owner = { kind: 'process', pid: daemon.pid! } as const;
  writeNote(options.dataDir, owner);
  return owner;
}

async function answering(docker: Docker, ended: (() => string | null) | null): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if ((await engineProblem(docker)) === null) return;
    const end = ended?.();
    // Two runners may start the engine at once; the loser's ends, the winner's answers a moment later.
    if (end && Date.now() > deadline - START_MS + 10_000) throw new Error(end);
    if (Date.now() > deadline) throw new Error('it does not answer after a minute');
    await sleep(100);
  }
}

function notePath(dataDir: string): string {
  return join(dataDir, 'dockerd.json');
}

function writeNote(dataDir: string, owner: EngineOwner): void {
  writeFileSync(notePath(dataDir), JSON.stringify(owner));
}

/** An engine that a killed parent of ours started is adopted by its note; a stale note means nothing. */
function ownerFromNote(dataDir: string): EngineOwner {
  try {
    const note = JSON.parse(readFileSync(notePath(dataDir), 'utf8')) as EngineOwner;
    if (note.kind === 'service') return note;
    if (note.kind === 'process' && isDockerd(note.pid)) return note;
  } catch {
    // No note, or not one of ours.
  }
  return { kind: 'other' };
}

function isDockerd(pid: number): boolean {
  try {
    const [name, command] = ['comm', 'cmdline'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
    // One that has ended, and that its parent has not asked after, keeps its name but not its command.
    return name!.trim() === 'dockerd' && command !== '';
  } catch {
    return false;
  }
}

/** Whether containers of somebody else's are known to run there. */
async function usedByOthers(docker: Docker, instance: string): Promise<boolean> {
  if ((await engineProblem(docker)) !== null) return false;
  try {
    const running = await answered(docker.listContainers());
    return running.some((container) => container.Labels[LABEL.instance] !== instance);
  } catch {
    return false;
  }
}
