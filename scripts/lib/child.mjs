/** Child processes: run to the end and collect, or stand in for this process. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { PINNED_NODE, ROOT } from './paths.mjs';

/** How often the parent is looked for. */
const PARENT_MS = 500;

/** Signals that come closer together than this are copies of one. */
const COPIES_MS = 1000;

/** What `run` has going, so that a script that is told to end does not leave it behind. */
const running = /** @type {Set<import('node:child_process').ChildProcess>} */ (new Set());

/**
 * @typedef {object} Outcome
 * @property {number} code the exit code; 128 + the signal's number when a signal ended it, 127 when it could not start
 * @property {string} output stdout and stderr, in the order of arrival; empty when inherited
 */

/**
 * Runs a program to its end. It never rejects: a program that cannot start is an outcome too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ inherit?: boolean, env?: Record<string, string>, cwd?: string, shell?: boolean }} [options]
 *   `inherit`: output goes to our own
 * @returns {Promise<Outcome>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', options.inherit ? 'inherit' : 'pipe', options.inherit ? 'inherit' : 'pipe'],
      shell: options.shell ?? false,
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
    child.on('error', (error) => {
      running.delete(child);
      resolve({ code: 127, output: `${output}${error.message}` });
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: exitCode(code, signal), output });
    });
  });
}

/**
 * For a script made of `run`s: when it is told to end, what it runs is told the same, and it ends after that.
 */
export function endWithChildren() {
  whenTold((signal) => {
    for (const child of running) child.kill(signal);
    const end = () => process.exit(exitCode(null, signal));
    if (running.size === 0) end();
    for (const child of running) child.once('close', () => running.size === 0 && end());
  });
}

/**
 * Calls `told` when this process is to end. The shell that npm puts between itself and a script dies of a SIGTERM
 * without a word to the script, so under npm a parent that is gone counts as one.
 * @param {(signal: NodeJS.Signals) => void} told
 */
function whenTold(told) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => told(signal));
  }
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    told('SIGTERM');
  }, PARENT_MS);
  watch.unref();
}

/**
 * Runs a JavaScript or TypeScript file with the pinned Node, as `run` does.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runPinned(args, options) {
  return run(PINNED_NODE, args, options);
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return code ?? (signal === null ? 1 : 128 + (os.constants.signals[signal] ?? 0));
}

/**
 * Starts programs that share this process's terminal, passes signals on to them, and resolves when the first one
 * ends, after the others were asked to stop too.
 *
 * A Ctrl-C reaches the whole foreground process group, children included, and npm sends this process a second copy.
 * A later signal means "at once" to a server, so copies are passed on as one, and the server takes the terminal's and
 * ours as one.
 *
 * @param {readonly { command: string, args: readonly string[], env?: Record<string, string>, cwd?: string }[]} programs
 * @returns {Promise<number>} the exit code of the one that ended first
 */
export function standIn(programs) {
  return new Promise((resolve) => {
    let left = programs.length;
    let result = /** @type {number | undefined} */ (undefined);
    const children = programs.map((program) =>
      spawn(program.command, program.args, {
        cwd: program.cwd ?? ROOT,
        env: { ...process.env, ...program.env },
        stdio: 'inherit',
      }),
    );
    let last = Number.NEGATIVE_INFINITY;
    whenTold((signal) => {
      const now = performance.now();
      if (now - last < COPIES_MS) return;
      last = now;
      for (const child of children) child.kill(signal);
    });
    /** @param {number} code */
    const ended = (code) => {
      left -= 1;
      if (result === undefined) {
        result = code;
        for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
      }
      if (left === 0) resolve(result);
    };
    for (const child of children) {
      child.on('error', (error) => {
        console.error(error.message);
        ended(127);
      });
      child.on('exit', (code, signal) => ended(exitCode(code, signal)));
    }
  });
}
