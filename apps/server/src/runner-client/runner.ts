// The runner as a child process: started, watched, started again, and spoken to.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RunEnd, RunId, RunnerEvent, SandboxFacts, SandboxStatus } from '@codesync/protocol';
import type { Clock, Log, RunListener, Runner, RunRequest } from '../ports.ts';
import { RunnerConnection } from './connection.ts';
import { sandboxFacts, sandboxStatus } from './status.ts';

export type RunnerOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** The runner's entry file. */
  readonly program: string;
  /** The data folder. */
  readonly data: string;
  readonly instance: string;
  readonly docker: 'auto' | 'never';
};

/** A runner that stops with the server. */
export type RunningRunner = Runner & { stopped(): Promise<void> };

const RESTART_MS = [200, 1_000, 5_000, 15_000];
const CONNECT_MS = 50;
/** Nothing of a run outlives five minutes: a runner that has not told its end by then has lost it. */
const RUN_MS = 5 * 60_000 + 10_000;
/** Pool counts change with every run; people are told at most this often. */
const STATUS_MS = 250;
const STOP_MS = 4_000;
/** A runner that lived this long was not failing to start. */
const HEALTHY_MS = 30_000;
const SOCKET_PATH_BYTES = 103;

const LOST: RunEnd = {
  reason: 'infrastructure',
  exitCode: null,
  signal: null,
  wallMs: 0,
  cpuMs: 0,
  peakBytes: 0,
  truncated: { stdout: 0, stderr: 0 },
  message: 'The sandbox was lost. Run it again.',
};

type Going = { readonly listener: RunListener; readonly callOff: () => void };

/** Secrets of the server are none of the runner's business. */
function environment(options: RunnerOptions, socket: string): NodeJS.ProcessEnv {
  const {
    CODESYNC_SECRET: _secret,
    CODESYNC_METRICS_TOKEN: _token,
    DATABASE_URL: _url,
    ...rest
  } = process.env;
  return {
    ...rest,
    CODESYNC_RUNNER_SOCKET: socket,
    CODESYNC_DOCKER: options.docker,
    CODESYNC_INSTANCE: options.instance,
    CODESYNC_DATA: options.data,
  };
}

export function startRunner(options: RunnerOptions): RunningRunner {
  const { clock, log } = options;
  const going = new Map<RunId, Going>();
  const listeners: ((status: SandboxStatus) => void)[] = [];
  let status: SandboxStatus = { state: 'starting' };
  let facts: SandboxFacts | null = null;
  let connection: RunnerConnection | null = null;
  let ready = false;
  let child: ChildProcess | null = null;
  let failures = 0;
  let starts = 0;
  let stopping = false;
  let callOffRestart: () => void = () => undefined;
  let callOffStatus: (() => void) | null = null;
  let whenStopped: () => void = () => undefined;

  function tell(next: SandboxStatus, nextFacts: SandboxFacts | null = null): void {
    facts = nextFacts;
    // A runner that cannot run says so again at each try.
    if (isDeepStrictEqual(next, status)) return;
    const quiet = status.state === 'ready' && next.state === 'ready';
    status = next;
    if (!quiet) {
      callOffStatus?.();
      callOffStatus = null;
      for (const listener of listeners) listener(status);
    } else {
      callOffStatus ??= clock.after(STATUS_MS, () => {
        callOffStatus = null;
        for (const listener of listeners) listener(status);
      });
    }
  }

  function end(run: RunId, result: RunEnd): void {
    const known = going.get(run);
    if (known === undefined) return;
    going.delete(run);
    known.callOff();
    known.listener.ended(result);
  }

  function onEvent(event: RunnerEvent): void {
    switch (event.type) {
      case 'hello':
        ready = true;
        break;
      case 'status':
        tell(sandboxStatus(event), sandboxFacts(event));
        break;
      case 'problem':
        log.error({ problem: event.message }, 'the runner did not understand the server');
        break;
      case 'run.phase':
        going.get(event.run)?.listener.phase(event.phase);
        break;
      case 'run.output': {
        const { type: _, run, ...words } = event;
        going.get(run)?.listener.output(words);
        break;
      }
      case 'run.ended': {
        const { type: _, run, compileMs: __, cached: ___, ...result } = event;
        end(run, result);
      }
    }
  }

  function socketPath(): string {
    const name = `runner-${process.pid}-${starts}.sock`;
    const inData = join(options.data, name);
    if (Buffer.byteLength(inData) <= SOCKET_PATH_BYTES) return inData;
    const key = createHash('sha256').update(options.data).digest('hex').slice(0, 16);
    const folder = join(tmpdir(), `codesync-runner-${key}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return join(folder, name);
  }

  function launch(): void {
    if (!existsSync(options.program)) {
      tell({
        state: 'off',
        reason: 'This installation has no runner.',
        mend: 'Install CodeSync anew to run code.',
      });
      return;
    }
    starts++;
    const socket = socketPath();
    const began = clock.now();
    // In a session of its own, so that Ctrl-C reaches this process alone; it ends when its stdin closes.
    const current = spawn(process.execPath, [options.program], {
      env: environment(options, socket),
      stdio: ['pipe', 'inherit', 'inherit'],
      detached: true,
    });
    child = current;
    current.stdin.on('error', () => undefined);
    let over = false;
    const onEnd = (reason: string): void => {
      if (over) return;
      over = true;
      child = null;
      ready = false;
      connection?.close(reason);
      connection = null;
      rmSync(socket, { force: true });
      for (const run of [...going.keys()]) end(run, LOST);
      if (stopping) {
        whenStopped();
        return;
      }
      failures = clock.now() - began > HEALTHY_MS ? 0 : failures + 1;
      log.error({ reason }, 'the runner has ended; it is started again');
      tell({ state: 'starting' });
      callOffRestart = clock.after(
        RESTART_MS[Math.min(failures, RESTART_MS.length) - 1] ?? RESTART_MS[0]!,
        launch,
      );
    };
    current.once('error', (error) => onEnd(error.message));
    current.once('exit', (code, signal) => onEnd(signal ?? `exit ${code}`));
    attach(current, socket);
  }

  /** Connects to a runner as soon as its socket is there. */
  function attach(current: ChildProcess, socket: string): void {
    if (child !== current || stopping) return;
    if (!existsSync(socket)) {
      clock.after(CONNECT_MS, () => attach(current, socket));
      return;
    }
    const mine = new RunnerConnection(socket, {
      event: onEvent,
      closed: (reason) => {
        if (connection !== mine) return;
        connection = null;
        const wasReady = ready;
        ready = false;
        for (const run of [...going.keys()]) end(run, LOST);
        if (child !== current || stopping) return;
        if (wasReady) log.warn({ reason }, 'the connection to the runner has ended');
        tell({ state: 'starting' });
        clock.after(CONNECT_MS, () => attach(current, socket));
      },
    });
    connection = mine;
  }

  launch();

  return {
    status: () => status,
    facts: () => facts,
    onStatus: (listener) => void listeners.push(listener),
    start: (request: RunRequest, listener: RunListener) => {
      const { run, files } = request;
      const callOff = clock.after(RUN_MS, () => {
        connection?.send({ type: 'run.stop', run });
        end(run, LOST);
      });
      going.set(run, { listener, callOff });
      if (connection === null || !ready) queueMicrotask(() => end(run, LOST));
      else connection.send({ type: 'run.start', ...request, files: [...files] });
    },
    stop: (run) => connection?.send({ type: 'run.stop', run }),
    input: (run, text, eof) => connection?.send({ type: 'run.stdin', run, text, eof }),
    stopped: async () => {
      stopping = true;
      callOffRestart();
      callOffStatus?.();
      const current = child;
      if (current === null) return;
      const ended = new Promise<void>((resolve) => {
        whenStopped = resolve;
      });
      current.stdin?.end();
      current.kill('SIGTERM');
      const callOff = clock.after(STOP_MS, () => current.kill('SIGKILL'));
      await ended;
      callOff();
    },
  };
}
