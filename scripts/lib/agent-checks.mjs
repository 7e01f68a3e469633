/** The agent's Go: gofmt, vet and its tests, in the sandbox image. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runPinned } from './child.mjs';
import { filesBelow, fingerprint } from './fingerprint.mjs';
import { inRoot } from './paths.mjs';
import { say } from './say.mjs';

const PROGRAM = 'apps/runner/test/agent-checks.ts';
/** The exit code of the program where there is no engine or no image. */
const SKIPPED = 3;

/**
 * As a check, which is done once for the same sources by all checkouts of this machine.
 * @returns {Promise<import('./checks.mjs').Outcome>}
 */
export async function checkAgent() {
  const stamp = path.join(os.tmpdir(), `codesync-agent-${hashOfSources()}.checked`);
  if (fs.existsSync(stamp)) return { ok: true, note: 'the same as before', output: '' };
  const { code, output } = await runPinned([inRoot(PROGRAM)]);
  if (code === SKIPPED) return { ok: true, note: '', output: '', skipped: output.trim() };
  if (code === 0) fs.writeFileSync(stamp, '');
  return { ok: code === 0, note: `${count(output, code).passed} tests`, output: failures(output) };
}

/**
 * As a part of `npm test`: always done, and where it cannot be, one test is skipped.
 * @returns {Promise<import('./suites.mjs').Counts>}
 */
export async function testAgent() {
  const { code, output } = await runPinned([inRoot(PROGRAM)]);
  if (code === SKIPPED) {
    say(`– agent in Go: not checked, since ${output.trim()}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const counts = count(output, code);
  if (counts.failed > 0) say(failures(output));
  say(
    `${counts.failed === 0 ? '✓' : '✗'} agent in Go: ${counts.passed} tests passed, ${counts.failed} failed`,
  );
  return counts;
}

/**
 * Counts the tests that `-test.v` tells of, each with its parts as one. What ends badly without a failed test to show
 * for it, such as gofmt or vet, is one failure.
 * @param {string} output
 * @param {number} exitCode
 */
export function count(output, exitCode) {
  const number = (/** @type {string} */ word) =>
    [...output.matchAll(new RegExp(`^--- ${word}: `, 'gm'))].length;
  const counts = { passed: number('PASS'), failed: number('FAIL'), skipped: number('SKIP') };
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** @param {string} output what is worth reading of it */
function failures(output) {
  return output
    .split('\n')
    .filter((line) => !/^(=== |\s*--- PASS)/.test(line))
    .join('\n')
    .trim();
}

function hashOfSources() {
  const files = [...filesBelow('sandbox/agent', []), 'sandbox/Dockerfile', PROGRAM];
  return fingerprint(files.map((file) => [file, fs.readFileSync(inRoot(file))])).slice(0, 16);
}
