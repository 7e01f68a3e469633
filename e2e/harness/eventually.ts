import { setTimeout as sleep } from 'node:timers/promises';

/** How long a test waits for a thing of a page, in milliseconds, before it fails: a busy machine takes long to draw. */
export const PATIENCE_MS = 60_000;

/** Resolves once `fits` is true; after `timeoutMs` it throws, saying what was awaited and what was there instead. */
export async function eventually(
  what: string,
  fits: () => boolean | Promise<boolean>,
  instead: () => unknown = () => undefined,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await fits())) {
    if (Date.now() > deadline) {
      const seen = instead();
      throw new Error(
        `Not so after ${timeoutMs} ms: ${what}${seen === undefined ? '' : `\n${String(seen)}`}`,
      );
    }
    await sleep(25);
  }
}
