/** Brings node_modules in step with the lock file, once, and makes sure that the pinned Node runs. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { npmCi } from './npm-ci.mjs';
import { inRoot, PINNED_NODE, ROOT } from './paths.mjs';
import { note, Trouble } from './say.mjs';

const STAMP = inRoot('node_modules/.codesync-install');

/** The parts of a package.json that decide what an install puts down. */
const DECISIVE = [
  'name',
  'version',
  'workspaces',
  'bin',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'allowScripts',
];

export async function ensureInstall() {
  if (!installed()) {
    await withLock('install', async () => {
      if (!installed()) await install();
    });
  }
  const version = spawnSync(PINNED_NODE, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version?.startsWith('v24.')) {
    throw new Trouble(
      `The Node 24 that CodeSync brings along does not run here (${path.relative(ROOT, PINNED_NODE)}: ${version ?? 'no answer'}). Delete node_modules and start again; if npm is set to ignore-scripts, allow them for this folder.`,
    );
  }
}

function installed() {
  return fs.existsSync(PINNED_NODE) && readStamp(STAMP) === wanted();
}

function wanted() {
  const manifests = ['package.json', ...workspaceManifests()];
  return fingerprint([
    ['machine', `${process.platform} ${process.arch}`],
    ['package-lock.json', fs.readFileSync(inRoot('package-lock.json'))],
    ...manifests.map((file) => {
      const manifest = JSON.parse(fs.readFileSync(inRoot(file), 'utf8'));
      return /** @type {const} */ ([file, JSON.stringify(DECISIVE.map((key) => manifest[key] ?? null))]);
    }),
  ]);
}

function workspaceManifests() {
  /** @type {string[]} */
  const workspaces = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8')).workspaces;
  return workspaces
    .flatMap((pattern) =>
      pattern.endsWith('/*')
        ? fs.readdirSync(inRoot(pattern.slice(0, -2))).map((name) => pattern.replace('*', name))
        : [pattern],
    )
    .map((folder) => `${folder}/package.json`)
    .filter((file) => fs.existsSync(inRoot(file)))
    .sort();
}

async function install() {
  const first = !fs.existsSync(inRoot('node_modules'));
  note(first ? 'Installing packages (first time, about a minute)…' : 'Installing packages that changed…');
  const stamp = wanted();
  await npmCi(ROOT);
  fs.writeFileSync(STAMP, stamp);
}
