/** The engine and the sandbox image for the tests, made ready while other things run. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CACHE, PINNED_NODE, ROOT } from './paths.mjs';
import { elapsed, say } from './say.mjs';

const FOLDER = path.join(CACHE, 'test', 'sandbox');

/**
 * @typedef {object} Sandbox
 * @property {Promise<void>} prepared resolves when the image is ready, and also when it cannot be made: the suites that
 *   run code find out which
 * @property {() => Promise<void>} release stops the engine, if it was started for this
 */

/** @returns {Sandbox} */
export function prepareSandbox() {
  const since = performance.now();
  fs.mkdirSync(FOLDER, { recursive: true });
  const child = spawn(PINNED_NODE, ['apps/runner/src/prepare.ts'], {
    cwd: ROOT,
    env: { ...process.env, CODESYNC_DATA: FOLDER },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const log = fs.createWriteStream(path.join(FOLDER, 'prepare.log'));
  let output = '';
  const gone = new Promise((resolve) => child.once('close', resolve));
  /** @type {Promise<void>} */
  const prepared = new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      log.write(chunk);
      output += chunk;
      if (!/^ready$/m.test(output)) return;
      say(`The sandbox image is ready after ${elapsed(since)}.`);
      resolve();
    });
    void gone.then(() => {
      if (!/^ready$/m.test(output))
        say(`The sandbox could not be prepared:\n${output.trim().split('\n').slice(-10).join('\n')}`);
      resolve();
    });
  });
  return {
    prepared,
    async release() {
      child.stdin.end();
      await gone;
      log.end();
    },
  };
}
