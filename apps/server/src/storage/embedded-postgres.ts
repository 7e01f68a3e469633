import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { ConfigError } from '../config.ts';
import { processLives } from '../process-identity.ts';
import { type PostgresBinaries, postgresBinaries, SYSTEM_FOLDER } from './postgres-binaries.ts';
import { canReach, type User, unprivilegedUser } from './unprivileged-user.ts';

/** The private PostgreSQL of one data folder, kept running until `stop`. */
export type EmbeddedPostgres = {
  readonly connection: PoolConfig;
  /** The postmaster's process, null while it is being started again. */
  pid(): number | null;
  stop(): Promise<void>;
};

const SUPERUSER = 'codesync';
/** Names the socket's file; nothing listens on a network port. */
const SOCKET_PORT = 5432;
/** sun_path holds 104 bytes on macOS and 108 on Linux, with its end mark. */
const SOCKET_PATH_BYTES = 103;
const START_MS = 60_000;
const STOP_MS = 10_000;
const RESTART_MS = [100, 500, 2_000, 5_000];

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '64MB',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  checkpoint_timeout: '15min',
  jit: 'off',
  // The statements are few and name their rows by key. Planning an append anew costs more than carrying it out.
  plan_cache_mode: 'force_generic_plan',
  log_destination: 'stderr',
  log_min_messages: 'warning',
  // Statements carry what people typed.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

type Place = {
  readonly user: User | null;
  readonly binaries: PostgresBinaries;
  readonly database: string;
  readonly sockets: string;
  readonly log: string;
};

/**
 * Where the database of a data folder lives. That is in it, if the database's user can reach it. Otherwise (a folder
 * below /root) it is a folder of its own under `SYSTEM_FOLDER`, which the data folder then names.
 */
function placeFor(data: string): Place {
  const user = unprivilegedUser(join(data, 'postgres'));
  const binaries = postgresBinaries(user);
  const home = user === null || canReach(user, data) ? data : homeElsewhere(data);
  const beside = join(home, 'postgres-socket');
  const short = Buffer.byteLength(join(beside, `.s.PGSQL.${SOCKET_PORT}`)) <= SOCKET_PATH_BYTES;
  return {
    user,
    binaries,
    database: join(home, 'postgres'),
    sockets: short ? beside : join(tmpdir(), `codesync-${shortName(home)}`),
    log: join(home, 'postgres.log'),
  };
}

function shortName(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

function homeElsewhere(data: string): string {
  const note = join(data, 'postgres.location');
  if (existsSync(note)) return readFileSync(note, 'utf8').trim();
  const home = join(SYSTEM_FOLDER, shortName(data));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  writeFileSync(`${note}.new`, `${home}\n`);
  renameSync(`${note}.new`, note);
  return home;
}

/** Makes `folder` for the database's user alone; someone else's folder of that name is not used. */
function ownFolder(folder: string, user: User | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const info = lstatSync(folder);
  const uid = user?.uid ?? process.getuid?.() ?? info.uid;
  if (!info.isDirectory() || (info.uid !== uid && info.uid !== process.getuid?.())) {
    throw new ConfigError(`The folder ${folder} belongs to someone else. Remove it, then start again.`);
  }
  if (user !== null) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
}

function asUser(user: User | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}

/** A program of PostgreSQL's sees nothing of this process's environment, which may hold secrets. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Makes the cluster beside its place and moves it in when it is whole, so that a killed start leaves nothing half
 * made.
 */
async function initialise(place: Place): Promise<void> {
  const draft = `${place.database}.new`;
  rmSync(draft, { recursive: true, force: true });
  ownFolder(draft, place.user);
  const args = ['-D', draft, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--no-locale'];
  try {
    await promisify(execFile)(place.binaries.initdb, args, {
      ...asUser(place.user),
      env: environment(),
      cwd: '/',
    });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(error);
    throw new ConfigError(`The database could not be made in ${place.database} (${said}).`);
  }
  renameSync(draft, place.database);
}

/** What the postmaster of a cluster says of itself: its process and whether it takes connections. */
function postmaster(place: Place): { readonly pid: number; readonly sockets: string; ready: boolean } | null {
  let lines: string[];
  try {
    lines = readFileSync(join(place.database, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !processLives(pid) || !isPostgres(pid)) return null;
  return { pid, sockets: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

/** After a crash of the machine the number in postmaster.pid may be anyone's. */
function isPostgres(pid: number): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]!.endsWith('postgres');
  } catch {
    return false;
  }
}

function logTail(place: Place): string {
  const lines = existsSync(place.log) ? readFileSync(place.log, 'utf8').trim().split('\n') : [];
  return lines.at(-1) ?? 'it said nothing';
}

/** Starts a postmaster and waits until it takes connections. */
async function launch(place: Place): Promise<ChildProcess> {
  const settings = { ...SETTINGS, unix_socket_directories: place.sockets, port: String(SOCKET_PORT) };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(place.log, 'w', 0o600);
  // It has a session of its own, so that Ctrl-C reaches this process alone. This process stops the database last.
  const child = spawn(place.binaries.postgres, ['-D', place.database, ...args], {
    ...asUser(place.user),
    env: environment(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new ConfigError(`PostgreSQL did not start: ${logTail(place)}.`)));
  });
  failed.catch(() => undefined);
  const ready = (async () => {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      const server = postmaster(place);
      if (server !== null && server.pid === child.pid && server.ready) return child;
      await delay(10);
    }
    child.kill('SIGQUIT');
    throw new ConfigError(`PostgreSQL was not ready in ${START_MS / 1000} seconds: ${logTail(place)}.`);
  })();
  return Promise.race([ready, failed]);
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (processLives(pid)) {
    if (performance.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

/** Fast shutdown (open transactions are rolled back), then the immediate one if that takes too long. */
async function halt(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!processLives(pid)) return;
    process.kill(pid, signal);
    if (await gone(pid, STOP_MS)) return;
  }
}

/**
 * Starts the data folder's PostgreSQL, or adopts the one that a killed server left running. The caller holds the data
 * folder, so whatever runs in it is an orphan. A postmaster that dies is started again, after pauses that grow. Until
 * then connections fail, and storage reports a stall.
 */
export async function startEmbeddedPostgres(data: string, log: Logger): Promise<EmbeddedPostgres> {
  const place = placeFor(data);
  ownFolder(place.sockets, place.user);
  if (!place.database.startsWith(data)) {
    log.info(
      { folder: place.database },
      'the database is outside the data folder, where its user can reach it',
    );
  }
  if (!existsSync(join(place.database, 'PG_VERSION'))) await initialise(place);

  let stopping = false;
  let restarts: Promise<void> = Promise.resolve();
  const wake = new AbortController();

  async function keep(pid: number, child: ChildProcess | null): Promise<void> {
    if (child === null) {
      while (!stopping && processLives(pid)) await pause(500);
    } else if (child.exitCode === null && child.signalCode === null) {
      await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    }
    for (let attempt = 0; !stopping; attempt++) {
      log.error({ postmaster: pid }, 'PostgreSQL has ended; it is started again');
      await pause(RESTART_MS[Math.min(attempt, RESTART_MS.length - 1)]!);
      if (stopping) return;
      try {
        const next = await launch(place);
        // It was told to stop while it started.
        if (stopping) return halt(next.pid!);
        log.info({ postmaster: next.pid }, 'PostgreSQL runs again');
        return keep(next.pid!, next);
      } catch (error) {
        log.error({ err: error }, 'PostgreSQL could not be started');
      }
    }
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: wake.signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }

  const orphan = postmaster(place);
  if (orphan?.ready && orphan.sockets === place.sockets) {
    log.info({ postmaster: orphan.pid }, 'adopted the PostgreSQL that an earlier server left running');
    restarts = keep(orphan.pid, null);
  } else {
    if (orphan !== null) await halt(orphan.pid);
    const child = await launch(place);
    restarts = keep(child.pid!, child);
  }

  return {
    connection: { host: place.sockets, port: SOCKET_PORT, user: SUPERUSER, database: 'postgres' },
    pid: () => postmaster(place)?.pid ?? null,
    stop: async () => {
      stopping = true;
      wake.abort();
      const server = postmaster(place);
      if (server !== null) await halt(server.pid);
      await restarts;
    },
  };
}
