// The whole server put together: storage below, rooms in the middle, sockets and HTTP at the edge.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LIMITS, type SandboxStatus } from '@codesync/protocol';
import type { Pool, PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { takeOffBase } from './base-path.ts';
import { systemClock } from './clock.ts';
import { type Config, ConfigError, PROJECT_FOLDER } from './config.ts';
import { installationSecret, openDataFolder, withSpace } from './data-folder.ts';
import { Formatter } from './formatter.ts';
import { createApp } from './http/app.ts';
import { createIdentities } from './identity.ts';
import { createMetrics } from './metrics.ts';
import { observedAudience, observedRunner, observedStore } from './observed.ts';
import { createReadiness } from './readiness.ts';
import { createRelays } from './relays.ts';
import { RoomRegistry } from './rooms/registry.ts';
import { startRunner } from './runner-client/runner.ts';
import { deriveSecrets, sameSecret } from './secrets.ts';
import { createStatus } from './server-status.ts';
import { createSockets } from './sockets/server.ts';
import { postgresBlobStore } from './storage/blob-store.ts';
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts';
import { inspectDatabase, migrate } from './storage/migrate.ts';
import { createPool } from './storage/pool.ts';
import { postgresRoomStore } from './storage/room-store.ts';
import { startScreens } from './terminals/screens.ts';

export type RunningServer = {
  /** Where the server listens, as http://host:port, and the path below which it is. */
  readonly address: string;
  onSandbox(listener: (status: SandboxStatus) => void): void;
  /** Saves what is to be saved and stops everything that was started. */
  stop(): Promise<void>;
};

/** Connections to the database for all but appends, and for those: one statement of them is under way at a time. */
const CONNECTIONS = 10;
const COMMIT_CONNECTIONS = 1;

/** A database that takes longer to say how it is counts as not answering. */
const INSPECTION_MS = 2_000;

/** Things to undo, last first. */
class Undo {
  readonly #steps: (() => Promise<void> | void)[] = [];

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Runs every step, whatever becomes of the others; then throws the first failure. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

function productVersion(): string {
  const file = readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(file)).version;
}

async function openDatabase(connection: PoolConfig, given: boolean, log: Logger): Promise<Pool> {
  const pool = createPool(connection, CONNECTIONS, log);
  try {
    await migrate(pool);
    return pool;
  } catch (error) {
    await pool.end();
    if (!given) throw error;
    const reason = error instanceof AggregateError ? error.errors[0] : error;
    throw new ConfigError(
      `The database of DATABASE_URL cannot be used (${reason instanceof Error ? reason.message : String(reason)}).`,
    );
  }
}

function listen(http: HttpServer, { port, host }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `Port ${port} on ${host} is taken. Stop what uses it, or set PORT to another number.`,
        EACCES: `Port ${port} needs more rights than this user has. Set PORT to a number above 1023.`,
        EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to one that is.`,
        ENOTFOUND: `${host} is not an address of this machine. Set HOST to one that is.`,
      };
      const reason = reasons[error.code ?? ''];
      reject(reason === undefined ? error : new ConfigError(reason));
    });
    http.listen(port, host, () => {
      const bound = http.address() as AddressInfo;
      const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
      resolve(`http://${name}:${bound.port}`);
    });
  });
}

/** How often requests are looked at that take too long to come. */
const SLOW_CHECK_MS = 2_000;

/** Files of other parts of the project that the server starts or serves. */
export type Parts = {
  /** The runner's entry file. */
  readonly runner: string;
  /** Folder of the built page. */
  readonly page: string;
};

export const PROJECT_PARTS: Parts = {
  runner: join(PROJECT_FOLDER, 'apps/runner/src/main.ts'),
  page: join(PROJECT_FOLDER, 'apps/web/dist'),
};

/** 128 random bits. */
const newId = (): string => randomBytes(16).toString('base64url');

/** Starts a server; throws a `ConfigError` when it cannot be for a reason that its operator can mend. */
export async function startServer(
  config: Config,
  log: Logger,
  parts: Parts = PROJECT_PARTS,
): Promise<RunningServer> {
  const undo = new Undo();
  try {
    const folder = openDataFolder(config.data);
    undo.add(() => folder.release());
    const secret = await withSpace(folder.path, () => installationSecret(folder, config.secret));
    const secrets = deriveSecrets(secret);

    const http = createServer({
      headersTimeout: LIMITS.requestHeadersMs,
      requestTimeout: LIMITS.requestMs,
      connectionsCheckingInterval: SLOW_CHECK_MS,
    });
    const embedded =
      config.databaseUrl === null
        ? await withSpace(folder.path, () => startEmbeddedPostgres(folder.path, log))
        : null;
    if (embedded !== null) undo.add(() => embedded.stop());
    const connection = embedded?.connection ?? { connectionString: config.databaseUrl! };
    const pool = await withSpace(folder.path, () => openDatabase(connection, embedded === null, log));
    undo.add(() => pool.end());
    const commits = createPool(connection, COMMIT_CONNECTIONS, log);
    undo.add(() => commits.end());

    const version = productVersion();
    const metrics = createMetrics(version);
    const { observer } = metrics;
    const blobs = postgresBlobStore(pool);
    const runner = startRunner({
      clock: systemClock,
      log,
      readBlob: (room, blob) => blobs.read(room, blob),
      program: parts.runner,
      data: folder.path,
      instance: folder.instance,
      docker: config.docker,
    });
    undo.add(() => runner.stopped());

    const screens = startScreens(log);
    undo.add(() => screens.stopped());

    const sockets = createSockets(observer, log);
    undo.add(() => {
      http.close();
      http.closeIdleConnections();
    });
    const registry = new RoomRegistry({
      blobs,
      store: observedStore(postgresRoomStore(pool, commits), observer, log),
      clock: systemClock,
      runner: observedRunner(runner, observer, log),
      workspaces: runner.workspaces,
      screens,
      relays: createRelays(config.relays, systemClock, secrets.alias),
      audience: observedAudience(sockets.audience, observer),
      log,
      owner: folder.instance,
      linkSecret: secrets.linkSecret,
      sameSecret,
      newId,
      onStorage: sockets.tellStorage,
    });
    undo.add(() => registry.shut());
    const formatter = new Formatter({ runner, clock: systemClock, newId });
    runner.onStatus(sockets.tellSandbox);

    metrics.watch({ load: () => registry.load, sockets: sockets.count, sandbox: runner.facts });
    let postgres: string | null = null;
    const inspect = async (): Promise<boolean> => {
      const { migrated, version } = await inspectDatabase(pool, INSPECTION_MS);
      postgres = version;
      return migrated;
    };
    await inspect();
    const readiness = createReadiness({
      clock: systemClock,
      migrated: inspect,
      saving: () => registry.storage === 'ok',
    });
    const status = createStatus({
      registry,
      runner,
      clock: systemClock,
      recentEdits: metrics.recentEdits,
      version,
      postgres: () => postgres,
    });

    const { origins, proxies, clientsPerAddress, metricsToken } = config;
    const identities = createIdentities(secrets.cookieKey, config.basePath || '/');
    const probes = {
      unready: readiness.unready,
      sandbox: () => runner.status().state,
      storage: () => registry.storage,
      metrics: metrics.text,
      metricsToken,
    };
    const { answered } = metrics;
    const api = { registry, blobs, runner, identities, origins, proxies, version };
    http.on(
      'request',
      createApp({ ...api, log, probes, answered, page: parts.page, basePath: config.basePath }),
    );
    sockets.serve(
      http,
      { registry, runner, formatter, status, log },
      { identities, origins, proxies, clientsPerAddress },
    );
    takeOffBase(http, config.basePath);
    const address = `${await listen(http, config)}${config.basePath}`;
    // People go first, and while what they typed is saved whoever asks is told that the server stops.
    undo.add(() => {
      readiness.stopping();
      sockets.close();
    });
    return { address, onSandbox: (listener) => runner.onStatus(listener), stop: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}
