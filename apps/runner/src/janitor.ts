/**
 * Removes the containers of a runner that died before it could. Most of them end with their input; one that was made
 * and not yet started does not. A shell waits for the runner's death, which costs a megabyte. Then this file runs as a
 * process of its own: it finds the runner's containers by their label, removes them, and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dockerClient } from './engine.ts';
import { removeContainersOf } from './reaper.ts';

/** The engine may still be making what the runner asked for in its last moment. */
const WATCH_MS = 8_000;
const LOOK_EVERY_MS = 400;

export type Janitor = { dismiss(): void };

/** Posts a janitor for this process; `dismiss` it when the containers are gone anyway. */
export function postJanitor(runner: string): Janitor {
  const self = fileURLToPath(import.meta.url);
  // `read` returns when the other end of its input is closed, which the kernel does for a dead runner.
  const script = 'read line; exec "$0" "$1" "$2"';
  const shell: ChildProcess = spawn('/bin/sh', ['-c', script, process.execPath, self, runner], {
    // A group of its own: what ends the runner's group does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {});
  shell.unref();
  return { dismiss: () => void shell.kill('SIGKILL') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runner = process.argv[2]!;
  const docker = dockerClient();
  const deadline = Date.now() + WATCH_MS;
  while (Date.now() < deadline) {
    await removeContainersOf(docker, runner).catch(() => {});
    await sleep(LOOK_EVERY_MS);
  }
}
