/** All that the lines measure, up and running: CodeSync with its engine and image, and the other ways beside it. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Language, type StatusReply } from '@codesync/protocol';
import { dockerClient } from '../../apps/runner/src/engine.ts';
import { imageTag } from '../../apps/runner/src/image.ts';
import { postJanitor } from '../../apps/runner/src/janitor.ts';
import { WARM } from '../../apps/runner/src/limits.ts';
import { processName } from '../../apps/runner/src/process-name.ts';
import { RunnerClient } from '../../apps/runner/test/support/client.ts';
import { type CodeSync, startCodeSync } from '../lib/codesync.ts';
import type { Way, WayName } from './way.ts';
import { clientWay } from './ways/client.ts';
import { Containers } from './ways/containers.ts';
import { localWay } from './ways/local.ts';
import { runnerWay } from './ways/runner.ts';

const SANDBOX = new URL('../../sandbox', import.meta.url).pathname;
/** An image that is built from nothing, on two cores that do other things as well. */
const READY_MS = 900_000;
/** Longer than it takes the runner to say that a sandbox of the pool was taken. */
const NEWS_MS = 130;

export type Bed = {
  readonly ways: Readonly<Record<WayName, Way>>;
  /** Of the engine and of what the image holds. */
  readonly versions: string;
  readonly containers: Containers;
  readonly processes: { readonly server: number; readonly runner: number };
  /** Resolves when the pool is full and what was there before is gone. */
  rested(): Promise<void>;
  /** Resolves as soon as the runner has said of the pool of these languages that it is full. */
  full(languages: readonly Language[]): Promise<void>;
  stop(): Promise<void>;
};

/** @param early gives up while the sandbox is still being prepared; whatever was begun is undone. */
export async function openBed(early: AbortSignal): Promise<Bed> {
  const janitor = postJanitor(processName());
  const undo: (() => void | Promise<void>)[] = [() => janitor.dismiss()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const server = await startCodeSync(passedOn(), null);
    undo.push(server.stop);
    early.throwIfAborted();
    await ready(server, early);
    const runner = await connect(server);
    undo.push(() => runner.close());
    const docker = dockerClient();
    const { Id: image } = await docker.getImage(imageTag(SANDBOX)).inspect();
    const { NCPU, ServerVersion } = (await docker.info()) as { NCPU: number; ServerVersion: string };
    const containers = new Containers(docker, image, NCPU);
    undo.push(() => containers.remove());
    const client = clientWay(server.place);
    undo.push(() => client.leave());
    const local = await localWay(docker, image);
    undo.push(() => local.remove());
    const full = (languages: readonly Language[]) => runner.until(() => isFull(runner, languages));
    return {
      ways: {
        runner: runnerWay(runner),
        client,
        'docker-run': containers.run(),
        'docker-exec': containers.exec(),
        local,
      },
      versions: `Docker ${ServerVersion}, ${await toolchains(containers)}`,
      containers,
      processes: { server: server.processes().server[0]!, runner: server.runner() },
      full,
      async rested() {
        await sleep(NEWS_MS);
        await full(Language.options);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the engine is found with, and nothing that would make this another CodeSync than the one shipped. */
function passedOn(): Record<string, string> {
  const own = /^(CODESYNC_|DATABASE_URL$|PORT$|HOST$|LOG_LEVEL$|NODE_)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || own.test(name) ? [] : [[name, value]],
    ),
  );
}

/** Resolves when code can be run; says meanwhile how far that is. */
async function ready({ place }: CodeSync, early: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let said = '';
  for (;;) {
    const reply = await fetch(`${place}/api/status`);
    const { sandbox } = (await reply.json()) as StatusReply;
    if (sandbox.state === 'ready') return;
    if (sandbox.state === 'off') throw new Error(`${sandbox.reason} ${sandbox.mend}`);
    const now =
      sandbox.state === 'preparing' ? `${sandbox.step}, ${Math.floor(sandbox.percent / 10) * 10} %` : '';
    if (now !== '' && now !== said) process.stderr.write(`Preparing the sandbox: ${now}\n`);
    said = now;
    if (Date.now() > deadline) throw new Error('the sandbox is not ready');
    await sleep(200, null, { signal: early });
  }
}

async function connect({ data }: CodeSync): Promise<RunnerClient> {
  const socket = fs.readdirSync(data).find((name) => name.startsWith('runner-') && name.endsWith('.sock'));
  if (socket === undefined) throw new Error(`no socket of a runner is in ${data}`);
  return RunnerClient.connect(path.join(data, socket));
}

function isFull({ status }: RunnerClient, languages: readonly Language[]): boolean {
  if (status?.phase !== 'ready') return false;
  return languages.every((language) => {
    const pool = status.pools[language];
    return pool !== undefined && pool.warm >= WARM[language] && pool.starting === 0;
  });
}

async function toolchains(containers: Containers): Promise<string> {
  const said = await containers.ask(
    'python3 --version; echo Node $(node --version); go version; rustc --version',
  );
  return said
    .trim()
    .split('\n')
    .map((line) => line.replace(/^go version go(\S+).*$/, 'Go $1').replace(/^rustc (\S+).*$/, 'Rust $1'))
    .join(', ');
}
