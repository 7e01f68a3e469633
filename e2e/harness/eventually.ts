import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once `fits` is true; after `timeoutMs` it throws, saying what was awaited and what was there instead. */
export async function eventually(
  what: string,
  fits: () => boolean | Promise<boolean>,
  instead: () => unknown = () => undefined,
  timeoutMs = 30_000,
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
