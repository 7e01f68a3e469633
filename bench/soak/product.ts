/** The product with its private PostgreSQL, its runner and an engine, and everything that can be asked of them. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StatusReply } from '@codesync/protocol';
import pg from 'pg';
import { dockerClient } from '../../apps/runner/src/engine.ts';
import { LABEL } from '../../apps/runner/src/labels.ts';
import { type CodeSync, startCodeSync } from '../lib/codesync.ts';
import type { Told } from './probe.ts';

const PROBE = new URL('./probe.ts', import.meta.url).href;
/** The image may have to be made first. */
const SANDBOX_MS = 900_000;

export type Processes = {
  readonly server: number;
  readonly runner: number;
  readonly database: readonly number[];
};

export class Product {
  readonly #codesync: CodeSync;
  readonly #probes: string;
  readonly #instance: string;
  readonly #pool: pg.Pool;

  private constructor(codesync: CodeSync, probes: string) {
    this.#codesync = codesync;
    this.#probes = probes;
    this.#instance = fs.readFileSync(path.join(codesync.data, 'instance'), 'utf8').trim();
    this.#pool = new pg.Pool({
      host: path.join(codesync.data, 'postgres-socket'),
      user: 'codesync',
      database: 'postgres',
      max: 1,
      // One session for as long as it soaks: the database's processes are counted.
      idleTimeoutMillis: 0,
    });
    // What was lost with a connection shows in the next question.
    this.#pool.on('error', () => undefined);
  }

  /** Resolves when code can be run. */
  static async start(): Promise<Product> {
    const probes = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-probes-'));
    const { DOCKER_HOST } = process.env;
    const environment = {
      SOAK_PROBES: probes,
      NODE_OPTIONS: `--import=${PROBE}`,
      ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
    };
    const product = new Product(await startCodeSync(environment, null), probes);
    await product.#sandboxReady();
    return product;
  }

  get place(): string {
    return this.#codesync.place;
  }

  get data(): string {
    return this.#codesync.data;
  }

  processes(): Processes {
    const { server, database } = this.#codesync.processes();
    return { server: server[0]!, runner: this.#codesync.runner(), database };
  }

  /** What a process with a probe says of itself. */
  ask(pid: number): Promise<Told> {
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = net.connect(path.join(this.#probes, `${pid}.sock`));
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        text += chunk;
      });
      socket.once('error', reject);
      socket.once('end', () => resolve(JSON.parse(text) as Told));
    });
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, values)).rows;
  }

  /** How many containers of this installation there are, running or not. */
  async containers(): Promise<number> {
    const filters = { label: [`${LABEL.instance}=${this.#instance}`] };
    return (await dockerClient().listContainers({ all: true, filters })).length;
  }

  /** Stops it as Ctrl-C does, and removes its data. Resolves to the containers that are left, null if none can tell. */
  async stop(): Promise<number | null> {
    await this.#pool.end();
    await this.#codesync.stop();
    fs.rmSync(this.#probes, { recursive: true, force: true });
    // The engine itself has ended when it was the runner's own: nothing runs on it then.
    return this.containers().catch(() => null);
  }

  async #sandboxReady(): Promise<void> {
    const deadline = performance.now() + SANDBOX_MS;
    for (;;) {
      const reply = await fetch(`${this.place}/api/status`);
      const { sandbox } = (await reply.json()) as StatusReply;
      if (sandbox.state === 'ready' && Object.values(sandbox.warm).every((warm) => warm > 0)) return;
      if (sandbox.state === 'off') throw new Error(`Runs are off: ${sandbox.reason} ${sandbox.mend}`);
      if (performance.now() > deadline)
        throw new Error(`The sandbox is not ready: ${JSON.stringify(sandbox)}`);
      await pause(200);
    }
  }
}
