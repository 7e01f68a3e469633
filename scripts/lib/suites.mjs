/** Runs a Vitest project and counts what it says. */
import fs from 'node:fs';
import path from 'node:path';
import { runPinned } from './child.mjs';
import { CACHE, inRoot } from './paths.mjs';
import { say } from './say.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {string} project
 * @param {readonly string[]} args filters and flags for Vitest
 * @param {{ inherit: boolean }} options `inherit`: output goes to our own; else it comes at the end
 * @returns {Promise<Counts>}
 */
export async function runSuite(project, args, { inherit }) {
  const report = path.join(CACHE, 'test', `${project}.json`);
  fs.rmSync(report, { force: true });
  const { code, output } = await runPinned(
    [
      inRoot('node_modules/vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      `--project=${project}-alone`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { inherit },
  );
  if (!inherit) say(`\n— ${project}\n${output}`);
  return count(readReport(report), code);
}

/**
 * @typedef {object} Report the part of Vitest's JSON report that is counted
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * Counts tests. A file that could not be loaded is one failure, and so is a run that ended badly without a failed
 * test to show for it, or without any report at all.
 * @param {Report | undefined} report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function count(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    let failures = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') failures += 1;
      else counts.skipped += 1;
    }
    counts.failed += file.status === 'failed' ? Math.max(failures, 1) : failures;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** @param {string} file */
function readReport(file) {
  try {
    return /** @type {Report} */ (JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
