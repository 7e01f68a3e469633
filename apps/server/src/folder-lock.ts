// One process at a time may hold a folder: a file in it says which one does.
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config.ts';
import { processBirth, processLives } from './process-identity.ts';

const Holder = z.object({ pid: z.int(), birth: z.string().nullable() });

function holderOf(lock: string): { readonly text: string; readonly pid: number | null } | null {
  let text: string;
  try {
    text = readFileSync(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = Holder.safeParse(parseJson(text));
  if (!parsed.success) return { text, pid: null };
  const { pid, birth } = parsed.data;
  return { text, pid: processLives(pid) && processBirth(pid) === birth ? pid : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Takes the lock of the folder; returns the way to give it back. The file is linked into place, so it appears whole:
 * one that cannot be read is damaged, not half written. A dead holder's lock is moved aside and looked at again. If
 * someone else has taken the lock in between, it is theirs and goes back.
 *
 * @throws ConfigError when a live process holds it.
 */
export function takeLock(folder: string): () => void {
  const lock = join(folder, 'server.lock');
  const mine = join(folder, `server.lock.${randomUUID()}`);
  const text = JSON.stringify({ pid: process.pid, birth: processBirth(process.pid) });
  try {
    writeFileSync(mine, text, { mode: 0o644 });
    for (;;) {
      try {
        linkSync(mine, lock);
        return () => {
          if (holderOf(lock)?.text === text) rmSync(lock);
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(lock);
      if (holder === null) continue;
      if (holder.pid !== null) {
        throw new ConfigError(
          `Another CodeSync server (process ${holder.pid}) uses the data folder ${folder}. Stop it, or set CODESYNC_DATA to another folder.`,
        );
      }
      const aside = `${mine}.dead`;
      try {
        renameSync(lock, aside);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
        throw error;
      }
      if (readFileSync(aside, 'utf8') !== holder.text) linkSync(aside, lock);
      rmSync(aside);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
