/** Runs a Vitest project, counts what it says, and names what failed. */
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runPinned } from './child.mjs';
import { CACHE, inRoot } from './paths.mjs';
import { say } from './say.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @typedef {{ name: string, why: string }} Failure a test or a file of tests that failed, and its first errors */

/**
 * @param {string} project
 * @param {readonly string[]} args filters and flags for Vitest
 * @param {{ inherit: boolean }} options `inherit`: output goes to our own; else it comes at the end
 * @returns {Promise<Counts & { failures: Failure[] }>}
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
  const read = readReport(report);
  return { ...count(read, code), failures: failures(project, read, code) };
}

/**
 * @typedef {object} Report the part of Vitest's JSON report that is counted
 * @property {ReportedFile[]} testResults
 *
 * @typedef {object} ReportedFile
 * @property {string} name its path
 * @property {string} status
 * @property {string} [message] why it could not be loaded
 * @property {{ status: string, fullName: string, failureMessages?: string[] }[]} assertionResults
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

/** Lines of an error that are told at the end. The whole of it stands where the test ran. */
const LINES_TOLD = 12;

/**
 * Names what `count` counts as failed, each with the first lines of its errors.
 * @param {string} project names what no file can be blamed for
 * @param {Report | undefined} report
 * @param {number} exitCode
 * @returns {Failure[]}
 */
export function failures(project, report, exitCode) {
  const found = (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(inRoot('.'), name);
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({
        name: `${file} > ${test.fullName}`,
        why: firstLines((test.failureMessages ?? []).join('\n')),
      }));
    if (status === 'failed' && failed.length === 0)
      failed.push({ name: file, why: firstLines(message ?? '') });
    return failed;
  });
  if (exitCode !== 0 && found.length === 0)
    found.push({ name: project, why: `It ended with ${exitCode}, and no test says why.` });
  return found;
}

/** @param {string} text */
function firstLines(text) {
  return stripVTControlCharacters(text).trim().split('\n').slice(0, LINES_TOLD).join('\n');
}

/** @param {string} file */
function readReport(file) {
  try {
    return /** @type {Report} */ (JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
