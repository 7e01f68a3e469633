/** A lock between processes: a file that holds its owner's process id. */
import fs from 'node:fs';
import path from 'node:path';
import { CACHE } from './paths.mjs';

/**
 * Runs `work` while no other process runs its own under the same name. The lock of a dead process is taken over.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  fs.mkdirSync(CACHE, { recursive: true });
  const file = path.join(CACHE, `${name}.lock`);
  while (!take(file)) await new Promise((resolve) => setTimeout(resolve, 250));
  const release = () => fs.rmSync(file, { force: true });
  process.on('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} file */
function take(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (abandoned(file)) fs.rmSync(file, { force: true });
  return false;
}

/** @param {string} file */
function abandoned(file) {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'));
    // An owner writes its id right after making the file: one that is still empty later died in between.
    if (!pid) return Date.now() - fs.statSync(file).mtimeMs > 5000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
