/** Programs that the tests need from the system: installed where that is possible, named where it is not. */
import fs from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { say } from './say.mjs';

/**
 * @typedef {object} Need
 * @property {readonly string[]} programs any one of them is enough
 * @property {string} debian the Debian package that brings it
 * @property {string} without what is left out when it is missing
 */

/** @type {Record<'chromium' | 'docker' | 'debootstrap', Need>} */
const NEEDS = {
  chromium: {
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
    without: 'the end-to-end suites are skipped',
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
    if (present(need)) continue;
    if (!mayInstall()) {
      say(`${need.debian} is missing and can only be installed as root on Debian: ${need.without}.`);
      continue;
    }
    say(`Installing ${need.debian} from Debian's packages…`);
    const problem = await aptInstall(need.debian);
    if (problem !== undefined) say(`${problem}\n${need.debian} could not be installed: ${need.without}.`);
  }
}

/** @param {Need} need */
function present(need) {
  return need.programs.some(
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
 * @returns {Promise<string | undefined>} what went wrong
 */
async function aptInstall(name) {
  /** @param {readonly string[]} args */
  const apt = (args) =>
    run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  const install = ['install', '-y', '--no-install-recommends', name];
  if ((await apt(install)).code === 0) return undefined;
  await apt(['update']);
  const { code, output } = await apt(install);
  return code === 0 ? undefined : output.trim().split('\n').slice(-5).join('\n');
}
