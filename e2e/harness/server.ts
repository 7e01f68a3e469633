/**
 * The real server as a child process, on a data folder of its own: started as a person would, stopped, killed, and
 * started again on what it left.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Language, SandboxStatus, StatusReply } from '@codesync/protocol';
import type { ClientConfig } from 'pg';
import { ROOT } from './paths.ts';

const START_MS = 60_000;
const STOP_MS = 30_000;
const SANDBOX_MS = 600_000;

export type ServerOptions = {
  /** `none`: there is no container engine to be had, and runs are off. */
  readonly engine?: 'none';
  /** A data folder that is there already and stays; else it gets one of its own. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program with its arguments that becomes the server, such as one that sees another machine around it. */
  readonly by?: readonly string[];
};

export class Server {
  readonly url: string;
  /** The data folder. */
  readonly data: string;
  readonly #port: number;
  readonly #options: ServerOptions;
  #child: ChildProcess | null = null;
  #output = '';
  /** The process was told to end. */
  #told = false;

  private constructor(port: number, data: string, options: ServerOptions) {
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.data = data;
    this.#options = options;
  }

  /** Resolves when the server answers. */
  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = await Server.prepare(options);
    await server.start();
    return server;
  }

  /** As `start`, but it is yet to be started. */
  static async prepare(options: ServerOptions = {}): Promise<Server> {
    const data = options.data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-e2e-'));
    return new Server(await freePort(), data, options);
  }

  /** Starts it again, on the same port and data, after `stop` or `kill`. */
  async start(): Promise<void> {
    const [program, ...args] = [...(this.#options.by ?? []), process.execPath, 'apps/server/src/main.ts'];
    const child = spawn(program!, args, {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(this.#port),
        CODESYNC_DATA: this.data,
        ...(this.#options.engine === 'none' ? { DOCKER_HOST: `unix://${this.data}/no-engine.sock` } : {}),
        ...this.#options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#told = false;
    // A test run that is cut short takes its servers with it, and they what they started.
    const end = () => child.kill('SIGTERM');
    for (const event of ['exit', 'disconnect']) process.once(event, end);
    child.once('exit', () => {
      for (const event of ['exit', 'disconnect']) process.off(event, end);
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    const deadline = Date.now() + START_MS;
    while ((await statusOf(this.url)) === null) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`The server ended while starting:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`The server does not answer:\n${this.output}`);
      await sleep(50);
    }
  }

  /** Asks it to stop, as Ctrl-C does, and resolves to its exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGINT');
  }

  /** Takes it away without a word, as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Stops it and removes its data, unless the folder was given. */
  async dispose(): Promise<void> {
    await this.stop();
    if (this.#options.data === undefined) fs.rmSync(this.data, { recursive: true, force: true });
  }

  /** Holds the process where it is, or lets it go on. What it started is not held. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child!.kill(signal);
  }

  /** What its containers are labelled with. */
  get instance(): string {
    return fs.readFileSync(path.join(this.data, 'instance'), 'utf8').trim();
  }

  /** The way to its private PostgreSQL. */
  get database(): ClientConfig {
    return {
      host: path.join(this.data, 'postgres-socket'),
      port: 5432,
      user: 'codesync',
      database: 'postgres',
    };
  }

  /** Resolves when code can be run; `warm`: in this language, without waiting for a container. */
  async sandboxReady(warm?: Language): Promise<void> {
    try {
      await untilSandboxReady(this.url, warm);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.output}`);
    }
  }

  /** What the server says of its sandbox; null when it says nothing. */
  async sandbox(): Promise<SandboxStatus | null> {
    return (await statusOf(this.url))?.sandbox ?? null;
  }

  /** What the server printed last, if it ended without being told to. */
  get crash(): string | null {
    const child = this.#child;
    return this.#told || child === null || (child.exitCode === null && child.signalCode === null)
      ? null
      : this.output;
  }

  /** All that the server printed so far. */
  get printed(): string {
    return this.#output;
  }

  /** The end of what the server printed. */
  get output(): string {
    return this.#output.split('\n').slice(-40).join('\n');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    this.#told = true;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    const code = await ended;
    clearTimeout(late);
    return code;
  }
}

/** As `Server.sandboxReady`, of a server of which no more is known than where it is. */
export async function untilSandboxReady(url: string, warm?: Language): Promise<void> {
  const deadline = Date.now() + SANDBOX_MS;
  for (;;) {
    const sandbox = (await statusOf(url))?.sandbox;
    if (sandbox?.state === 'ready') {
      const counts = warm === undefined ? Object.values(sandbox.warm) : [sandbox.warm[warm] ?? 0];
      if (counts.some((count) => count > 0)) return;
    }
    if (sandbox?.state === 'off') throw new Error(`Runs are off: ${sandbox.reason}`);
    if (Date.now() > deadline) throw new Error(`The sandbox is not ready: ${JSON.stringify(sandbox)}`);
    await sleep(200);
  }
}

async function statusOf(url: string): Promise<StatusReply | null> {
  try {
    const reply = await fetch(`${url}/api/status`, { signal: AbortSignal.timeout(2_000) });
    return reply.ok ? ((await reply.json()) as StatusReply) : null;
  } catch {
    return null;
  }
}

/**
 * Ports below those that the kernel gives out by itself: while a server is down, nobody else is given its port. Each
 * worker of the test runner has a range of its own, and so has each process of it.
 */
const FIRST_PORT = Number(process.env.TEST_PORTS ?? 20_000);
const PORTS_PER_WORKER = 1_000;
let tried = 0;

async function freePort(): Promise<number> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0);
  for (;;) {
    const port = FIRST_PORT + worker * PORTS_PER_WORKER + ((process.pid + tried++) % PORTS_PER_WORKER);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
