/** How the scripts speak: plain lines, and one sentence when they cannot go on. */

/** An expected failure: its message is all that a person needs to read. */
export class Trouble extends Error {}

/**
 * A line of what a script was asked for.
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * A line of what is done on the way to it: on stderr, since other programs read what is on stdout.
 * @param {string} line
 */
export function note(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a script's body. `Trouble` becomes its sentence and exit code 1; anything else is a bug and keeps its stack.
 * @param {() => Promise<number | undefined>} body resolves to the exit code, or undefined to leave when idle
 */
export async function main(body) {
  try {
    const code = await body();
    if (code !== undefined) process.exit(code);
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error);
    process.exit(1);
  }
}

/** @param {number} sinceMs a time from `performance.now()` */
export function elapsed(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
