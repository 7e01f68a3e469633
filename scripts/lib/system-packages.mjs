/** Programs that the tests need from the system: installed where that is possible, named where it is not. */
import fs from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { say } from './say.mjs';

/**
 * @typedef {object} Need
 * @property {readonly string[]} programs any one of them is enough
 * @property {string} debian the Debian package that brings it
 * @property {string} [rather] one of the programs, and its Debian package: it does the same for less, and is installed
 *   beside others too
 * @property {string} without what is left out when it is missing
 */

/** @type {Record<'chromium' | 'coturn' | 'docker' | 'debootstrap', Need>} */
const NEEDS = {
  chromium: {
    programs: [
      'chromium-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
    ],
    debian: 'chromium',
    rather: 'chromium-headless-shell',
    without: 'the end-to-end suites are skipped',
  },
  coturn: {
    programs: ['turnserver'],
    debian: 'coturn',
    without: 'the tests of calls by a relay are skipped',
  },
  docker: {
    programs: ['dockerd', 'docker'],
    debian: 'docker.io',
    without: 'the suites that run code are skipped',
  },
  debootstrap: {
    programs: ['debootstrap'],
    debian: 'debootstrap',
    without: 'the sandbox image needs an image registry',
  },
};

/**
 * Makes sure of the given programs, one line for each that was missing.
 * @param {readonly (keyof typeof NEEDS)[]} names
 */
export async function ensureSystemPackages(names) {
  for (const name of names) {
    const need = NEEDS[name];
    await ensureRather(need);
    if (present(need.programs)) continue;
    if (!mayInstall()) {
      say(`${need.debian} is missing and can only be installed as root on Debian: ${need.without}.`);
      continue;
    }
    say(`Installing ${need.debian} from Debian's packages…`);
    const problem = await aptInstall(need.debian, { mayFetchLists: true });
    if (problem !== undefined) say(`${problem}\n${need.debian} could not be installed: ${need.without}.`);
  }
}

/**
 * Installs what does the same for less. Some systems have no such package: where another program is there, no package
 * lists are fetched for it, as that would be at every start.
 * @param {Need} need
 */
async function ensureRather({ programs, rather }) {
  if (rather === undefined || present([rather]) || !mayInstall()) return;
  say(`Installing ${rather} from Debian's packages…`);
  await aptInstall(rather, { mayFetchLists: !present(programs) });
}

/** @param {readonly string[]} programs */
function present(programs) {
  return programs.some(
    (program) => fs.existsSync(`/usr/sbin/${program}`) || onPath(program) || onPath(`${program}.exe`),
  );
}

/** @param {string} program */
function onPath(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => folder !== '' && fs.existsSync(path.join(folder, program)));
}

function mayInstall() {
  return process.getuid?.() === 0 && fs.existsSync('/etc/debian_version') && onPath('apt-get');
}

/**
 * The package lists are fetched only when the ones at hand do not do.
 * @param {string} name
 * @param {{ mayFetchLists: boolean }} options
 * @returns {Promise<string | undefined>} what went wrong
 */
async function aptInstall(name, { mayFetchLists }) {
  /** @param {readonly string[]} args */
  const apt = (args) =>
    run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  const install = ['install', '-y', '--no-install-recommends', '--no-remove', name];
  let { code, output } = await apt(install);
  if (code !== 0 && mayFetchLists) {
    await apt(['update']);
    ({ code, output } = await apt(install));
  }
  return code === 0 ? undefined : output.trim().split('\n').slice(-5).join('\n');
}
