// The runner as a child process: started, watched, started again, stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Log } from '../ports.ts';

export type SupervisorOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** The runner's entry file. */
  readonly program: string;
  /** The data folder. */
  readonly data: string;
  readonly instance: string;
  readonly docker: 'auto' | 'never';
};

export type SupervisorListener = {
  /** A runner was started. It will listen at this socket. */
  readonly started: (socket: string) => void;
  /** It has ended, and another is started in a while unless it was to stop. */
  readonly ended: (reason: string) => void;
  /** There is no program to start. */
  readonly missing: () => void;
};

const RESTART_MS = [200, 1_000, 5_000, 15_000];
const STOP_MS = 4_000;
/** A runner that lived this long was not failing to start. */
const HEALTHY_MS = 30_000;
const SOCKET_PATH_BYTES = 103;

/** Keeps one runner alive. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #listener: SupervisorListener;
  #child: ChildProcess | null = null;
  #starts = 0;
  /** Runners in a row that ended soon after their start. */
  #failures = 0;
  #stopping = false;
  #callOffRestart: () => void = () => undefined;
  #whenEnded: () => void = () => undefined;

  constructor(options: SupervisorOptions, listener: SupervisorListener) {
    this.#options = options;
    this.#listener = listener;
  }

  start(): void {
    const { program, data, clock } = this.#options;
    if (!existsSync(program)) {
      this.#listener.missing();
      return;
    }
    const socket = socketPath(data, ++this.#starts);
    const began = clock.now();
    // In a session of its own, so that Ctrl-C reaches this process alone; it ends when its stdin closes.
    const child = spawn(process.execPath, [program], {
      env: environment(this.#options, socket),
      stdio: ['pipe', 'inherit', 'inherit'],
      detached: true,
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    const onEnd = (reason: string): void => {
      if (this.#child !== child) return;
      this.#child = null;
      rmSync(socket, { force: true });
      this.#ended(reason, clock.now() - began);
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(signal ?? `exit ${code}`));
    this.#listener.started(socket);
  }

  /** Ends the runner for good. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#callOffRestart();
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => {
      this.#whenEnded = resolve;
    });
    child.stdin?.end();
    child.kill('SIGTERM');
    const callOff = this.#options.clock.after(STOP_MS, () => child.kill('SIGKILL'));
    await ended;
    callOff();
  }

  #ended(reason: string, livedMs: number): void {
    this.#listener.ended(reason);
    if (this.#stopping) {
      this.#whenEnded();
      return;
    }
    const { clock, log } = this.#options;
    this.#failures = livedMs > HEALTHY_MS ? 0 : this.#failures + 1;
    log.error({ reason }, 'the runner has ended; it is started again');
    const restart = RESTART_MS[Math.min(this.#failures, RESTART_MS.length) - 1] ?? RESTART_MS[0]!;
    this.#callOffRestart = clock.after(restart, () => this.start());
  }
}

/** Secrets of the server are none of the runner's business. */
function environment({ docker, instance, data }: SupervisorOptions, socket: string): NodeJS.ProcessEnv {
  const {
    CODESYNC_SECRET: _secret,
    CODESYNC_METRICS_TOKEN: _token,
    DATABASE_URL: _url,
    ...rest
  } = process.env;
  return {
    ...rest,
    CODESYNC_RUNNER_SOCKET: socket,
    CODESYNC_DOCKER: docker,
    CODESYNC_INSTANCE: instance,
    CODESYNC_DATA: data,
  };
}

/** In the data folder, or in a folder of its own where that path is too long for a socket. */
function socketPath(data: string, start: number): string {
  const name = `runner-${process.pid}-${start}.sock`;
  const inData = join(data, name);
  if (Buffer.byteLength(inData) <= SOCKET_PATH_BYTES) return inData;
  const key = createHash('sha256').update(data).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `codesync-runner-${key}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, name);
}
