/** The sandbox image for the tests, made while other things run. */
import fs from 'node:fs';
import path from 'node:path';
import { runPinned } from './child.mjs';
import { CACHE } from './paths.mjs';
import { elapsed, say } from './say.mjs';

const LOG = path.join(CACHE, 'test', 'sandbox-image.log');

/**
 * Starts the engine and builds the image, if they are not there yet. Resolves when that is over, well or not: the
 * suites that run code find out by themselves.
 */
export async function prepareSandbox() {
  const since = performance.now();
  fs.mkdirSync(path.dirname(LOG), { recursive: true });
  const { code, output } = await runPinned(['apps/runner/src/prepare.ts'], { log: LOG });
  if (code === 0) say(`Sandbox image ready after ${elapsed(since)}.`);
  else
    say(
      `The sandbox could not be prepared (all of it: ${LOG}):\n${output.trim().split('\n').slice(-10).join('\n')}`,
    );
}
