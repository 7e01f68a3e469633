/** The checks: format and lint, types, import rules, what nothing uses, the reference of the protocol, and the agent's Go. */
import fs from 'node:fs';
import path from 'node:path';
import { checkAgent } from './agent-checks.mjs';
import { run, runPinned } from './child.mjs';
import { inRoot, PINNED_NODE } from './paths.mjs';
import { checkReference } from './protocol-reference.mjs';
import { elapsed, say } from './say.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<Outcome>} check
 */

/**
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {string} note its summary when it passes
 * @property {string} output
 * @property {string} [skipped] why it was not done
 */

/** @type {Check} */
const AGENT = { name: 'agent in Go', check: checkAgent };

/** Those that need nothing but this checkout. @type {readonly Check[]} */
export const STATIC_CHECKS = [
  {
    name: 'format and lint',
    async check() {
      const tool = inRoot('node_modules/@biomejs/biome/bin/biome');
      const { code, output } = await runPinned([tool, 'ci', '--error-on-warnings', '--colors=off']);
      return { ok: code === 0, note: /Checked (\d+ files)/.exec(output)?.[1] ?? '', output };
    },
  },
  {
    name: 'types',
    async check() {
      const projects = ['packages', 'apps']
        .flatMap(projectsBelow)
        .concat(projectsIn('e2e'), projectsIn('bench'), projectsIn('scripts'));
      const tsc = inRoot('node_modules/typescript/bin/tsc');
      const runs = await Promise.all(
        projects.map((project) => runPinned([tsc, '-p', project, '--pretty', 'false'])),
      );
      return {
        ok: runs.every(({ code }) => code === 0),
        note: `${projects.length} projects`,
        // Projects that share a file report the same error in it.
        output: [...new Set(runs.flatMap(({ output }) => output.split('\n')))].join('\n'),
      };
    },
  },
  {
    name: 'import rules',
    async check() {
      const tool = inRoot('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
      const folders = ['packages', 'apps', 'e2e', 'bench'];
      const { code, output } = await run(PINNED_NODE, [
        tool,
        '--config',
        '.dependency-cruiser.mjs',
        '-T',
        'err',
        ...folders,
      ]);
      return { ok: code === 0, note: /\((\d+ modules, \d+ dependencies)/.exec(output)?.[1] ?? '', output };
    },
  },
  {
    name: 'nothing unused',
    async check() {
      const tool = inRoot('node_modules/knip/bin/knip.js');
      const knip = [tool, '--no-progress', '--treat-config-hints-as-errors'];
      // The second run finds what only tests use.
      const runs = await Promise.all([runPinned(knip), runPinned([...knip, '--production'])]);
      return {
        ok: runs.every(({ code }) => code === 0),
        note: 'files, exports and dependencies',
        output: runs.map(({ output }) => output.trim()).join('\n'),
      };
    },
  },
  { name: 'protocol reference', check: checkReference },
];

export const ALL_CHECKS = [...STATIC_CHECKS, AGENT];

/**
 * Runs checks, prints one line for each, with what it found below it. Resolves to the names that failed.
 * @param {readonly Check[]} checks
 */
export async function checkAll(checks) {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      const since = performance.now();
      return { name, ...(await check()), took: elapsed(since) };
    }),
  );
  for (const { name, ok, note, output, skipped, took } of results) {
    if (skipped !== undefined) {
      say(`– ${name}: not checked, since ${skipped}`);
      continue;
    }
    say(`${ok ? '✓' : '✗'} ${name}${ok ? ` (${note})` : ''}, ${took}`);
    if (!ok) say(output.trim());
  }
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** @param {string} folder */
function projectsBelow(folder) {
  return fs.readdirSync(inRoot(folder)).flatMap((name) => projectsIn(`${folder}/${name}`));
}

/** @param {string} folder */
function projectsIn(folder) {
  const files = fs.readdirSync(inRoot(folder)).filter((name) => /^tsconfig(\..+)?\.json$/.test(name));
  return files.map((name) => path.posix.join(folder, name));
}
