/**
 * `npm test`: everything, from what the machine lacks to the end-to-end tests, and at the end what failed and one line of counts.
 *
 *   npm test                      all stages: check, unit, integration, e2e
 *   npm test -- unit check        these stages
 *   npm test -- e2e undo -t redo  of the stages, what Vitest's filters and flags leave
 */
import path from 'node:path';
import './lib/host-node.mjs';
import { testAgent } from './lib/agent-checks.mjs';
import { ALL_CHECKS, checkAll, STATIC_CHECKS } from './lib/checks.mjs';
import { endWithChildren } from './lib/child.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { CACHE } from './lib/paths.mjs';
import { prepareSandbox } from './lib/sandbox-image.mjs';
import { elapsed, main, say, Trouble } from './lib/say.mjs';
import { runSuite } from './lib/suites.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

const STAGES = ['check', 'unit', 'integration', 'e2e'];

// Servers and runners of tests start hundreds of times: Node.js keeps what it made of their sources.
process.env.NODE_COMPILE_CACHE ??= path.join(CACHE, 'compile');

const since = performance.now();
const words = process.argv.slice(2);
const named = STAGES.filter((stage) => words.includes(stage));
const vitestArgs = words.filter((word) => !STAGES.includes(word));
const stages =
  named.length > 0 ? named : STAGES.filter((stage) => stage !== 'check' || vitestArgs.length === 0);
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {import('./lib/suites.mjs').Failure[]} */
const failures = [];
const SAID_ABOVE = 'What it found stands above, where it ran.';

/**
 * @param {string} stage
 * @param {string} project a part of the stage
 * @param {string} [beside] another part, which runs at the same time and speaks when it is done
 */
async function suite(stage, project = stage, beside) {
  if (!stages.includes(stage)) return;
  say(`\n— ${project} (at ${elapsed(since)})`);
  const args = vitestArgs.length > 0 ? [...vitestArgs, '--passWithNoTests'] : [];
  const both = [runSuite(project, args, { inherit: true })];
  if (beside !== undefined) both.push(runSuite(beside, args, { inherit: false }));
  for (const result of await Promise.all(both)) {
    add(result);
    failures.push(...result.failures);
  }
}

/** @param {import('./lib/suites.mjs').Counts} counts */
function add(counts) {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

async function runAll() {
  await ensureInstall();
  if (stages.includes('integration') || stages.includes('e2e')) {
    await ensureSystemPackages(['docker', 'debootstrap']);
    const sandbox = prepareSandbox();
    try {
      await ensureSystemPackages(stages.includes('e2e') ? ['chromium', 'coturn'] : ['chromium']);
      await runStages(sandbox.prepared);
    } finally {
      await sandbox.release();
    }
  } else {
    await runStages(null);
  }
}

/** @param {Promise<void> | null} sandbox is awaited before the first stage that runs code; null where none does */
async function runStages(sandbox) {
  if (stages.includes('check')) {
    say(`\n— check (at ${elapsed(since)})`);
    const failed = await checkAll(sandbox === null ? ALL_CHECKS : STATIC_CHECKS);
    total.failed += failed.length;
    failures.push(...failed.map((name) => ({ name, why: SAID_ABOVE })));
  }
  await suite('unit');
  if (stages.includes('e2e')) await ensureBuild();
  // These run no code: on a new machine the image of the sandbox is made meanwhile.
  await suite('integration', 'integration-server');
  if (sandbox !== null) {
    await sandbox;
    if (stages.includes('check')) {
      say(`\n— agent (at ${elapsed(since)})`);
      const counts = await testAgent();
      add(counts);
      if (counts.failed > 0) failures.push({ name: 'agent in Go', why: SAID_ABOVE });
    }
  }
  await suite('integration');
  await suite('e2e', 'e2e', 'e2e-waiting');
}

endWithChildren();
await main(async () => {
  try {
    await runAll();
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error);
    total.failed += 1;
  }
  if (total.passed + total.failed === 0 && !(stages.length === 1 && stages[0] === 'check')) {
    say('No test was run.');
    total.failed = 1;
  }
  const skipFails = process.env.CI === 'true' && total.skipped > 0;
  if (skipFails) say('With CI=true a skipped test is a failure.');
  // Last of all: whoever has only the end of a long output reads what failed.
  for (const { name, why } of failures) say(`\n✗ ${name}\n${why}`);
  say(`\nTook ${elapsed(since)}.`);
  say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || skipFails ? 1 : 0;
});
