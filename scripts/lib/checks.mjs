/** The static checks: format and lint, types, import rules. */
import fs from 'node:fs';
import path from 'node:path';
import { run, runPinned } from './child.mjs';
import { inRoot, PINNED_NODE } from './paths.mjs';
import { elapsed, say } from './say.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<{ ok: boolean, note: string, output: string }>} check `note` is its summary when it passes
 */

/** @type {readonly Check[]} */
const CHECKS = [
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
];

/** Runs all checks, prints one line for each, with what it found below it. Resolves to the names that failed. */
export async function checkAll() {
  const results = await Promise.all(
    CHECKS.map(async ({ name, check }) => {
      const since = performance.now();
      return { name, ...(await check()), took: elapsed(since) };
    }),
  );
  for (const { name, ok, note, output, took } of results) {
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
