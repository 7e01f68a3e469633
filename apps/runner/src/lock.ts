/** A lock between processes of one machine: a file that names its holder, void when the holder is dead. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processLives, processName } from './process-name.ts';

const LOOK_EVERY_MS = 500;

/** Waits for the lock, then runs `action` under it. `waiting` is called once if somebody else holds it. */
export async function withLock<T>(path: string, waiting: () => void, action: () => Promise<T>): Promise<T> {
  for (let told = false; !take(path); ) {
    if (!told) waiting();
    told = true;
    await sleep(LOOK_EVERY_MS);
  }
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, processName(), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
  try {
    if (processLives(readFileSync(path, 'utf8'))) return false;
    // Two waiters may both find it void: the second removes the first's fresh file only if it does so between
    // these two calls, and then both build, which costs time but harms nothing.
    rmSync(path, { force: true });
  } catch {
    // Released meanwhile.
  }
  return false;
}
