/** The order of test files: where several run at once, a long one that starts last is waited for alone. */
import { BaseSequencer } from 'vitest/node';

/** Files that take a minute and more, the longest first. One that is not here comes after them; nothing else hangs on it. */
const LONG = [
  'server/test/integration/start',
  'runner/test/integration/lifecycle',
  'runner/test/integration/limits',
  'runner/test/integration/languages',
  'e2e/crash-server-killed',
  'e2e/crash-network-cut',
  'e2e/crash-postgres-killed',
  'e2e/crash-engine-killed',
  'e2e/crash-disk-full',
  'e2e/crash-laptop-sleeps',
  'e2e/crash-runner-killed',
  'e2e/crash-takeover',
  'e2e/call',
  'e2e/runs',
  'e2e/themes-and-sizes',
  'e2e/sync',
  'e2e/composition',
  'e2e/search',
  'e2e/terminal',
  'e2e/reload-unsaved',
  'e2e/no-websocket',
];

/** @param {string} file */
function rank(file) {
  const found = LONG.findIndex((name) => file.includes(`${name}.test.`));
  return found === -1 ? LONG.length : found;
}

export class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}
