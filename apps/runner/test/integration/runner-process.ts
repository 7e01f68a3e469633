/** Starts the real runner as its parent would, for the integration tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language, RunnerPool, RunnerStatus } from '@codesync/protocol';
import { dockerClient } from '../../src/engine.ts';
import { LABEL } from '../../src/labels.ts';
import { type ClientRun, RunnerClient } from '../support/client.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** An image built from nothing, on two cores that do other things as well. */
const UP_MS = 600_000;

export type RunnerProcess = {
  readonly child: ChildProcess;
  readonly client: RunnerClient;
  readonly instance: string;
  readonly socket: string;
  /** Everything the runner wrote to its log. */
  log(): string;
  /** Ids of the containers of this runner that exist. */
  containers(): Promise<string[]>;
  /** Starts a run whose files are given as name → text; the first is the entry. */
  run(language: Language, files: Record<string, string>, more?: object): ClientRun;
  /** Ends the runner as its parent does, and returns when it is gone. */
  end(): Promise<void>;
};

/** Resolves when the runner has settled: ready with warm sandboxes, absent, or failed. */
export async function startRunner(env: Record<string, string> = {}): Promise<RunnerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'codesync-runner-'));
  const socket = join(dataDir, 'runner.sock');
  const instance = `test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      ...process.env,
      CODESYNC_RUNNER_SOCKET: socket,
      CODESYNC_INSTANCE: instance,
      CODESYNC_DATA: dataDir,
      ...env,
    },
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const client = await RunnerClient.connect(socket).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${error}\n${log}`);
  });
  const settled = (status: RunnerStatus | null) =>
    status?.phase === 'absent' || status?.phase === 'failed' || isWarm(status);
  const deadline = setTimeout(() => child.kill('SIGKILL'), UP_MS);
  await client.until(() => settled(client.status) || client.closed);
  clearTimeout(deadline);
  return {
    child,
    client,
    instance,
    socket,
    log: () => log,
    containers: () => containersOf(instance),
    run: (language, files, more = {}) =>
      client.start({
        language,
        entry: Object.keys(files)[0]!,
        files: Object.entries(files).map(([path, text]) => ({ path, text })),
        ...more,
      }),
    end: async () => {
      client.close();
      child.stdin?.end();
      await gone;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Those of all languages, and that of workspaces; none while the runner is not ready. */
export function poolsOf(status: RunnerStatus | null): RunnerPool[] {
  return status?.phase === 'ready' ? [...Object.values(status.pools), status.workspaces] : [];
}

/** Whether every language has a sandbox waiting, and a workspace waits. */
export function isWarm(status: RunnerStatus | null): boolean {
  return status?.phase === 'ready' && poolsOf(status).every(({ warm }) => warm > 0);
}

export async function containersOf(instance: string): Promise<string[]> {
  const filters = { label: [`${LABEL.instance}=${instance}`] };
  const containers = await dockerClient().listContainers({ all: true, filters });
  return containers.map(({ Id }) => Id);
}

/** What takes an engine a second takes it half a minute on a machine that is full. */
const PATIENCE_MS = 60_000;

/** Resolves when the condition holds; rejects after `ms`, naming what was waited for. */
export async function eventually(
  what: string,
  condition: () => Promise<boolean> | boolean,
  ms = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Why the suite cannot run here, or null. With CI set, a missing engine is a failure, not a skip. */
export function skipReason(runner: RunnerProcess): string | null {
  const { status } = runner.client;
  if (status?.phase === 'ready') return null;
  const reason =
    status?.phase === 'absent'
      ? `${status.reason} ${status.mend}`
      : `${JSON.stringify(status)}\n${runner.log()}`;
  if (status?.phase === 'absent' && process.env.CI !== 'true') return reason;
  throw new Error(reason);
}
