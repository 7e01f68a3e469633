/** Brings bench/node_modules in step with its own lock file: what the benches compare with, which nothing else needs. */
import fs from 'node:fs';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { npmCi } from './npm-ci.mjs';
import { inRoot } from './paths.mjs';
import { note } from './say.mjs';

const STAMP = inRoot('bench/node_modules/.codesync-install');

export async function ensureBenchInstall() {
  if (installed()) return;
  await withLock('bench-install', async () => {
    if (installed()) return;
    note('Installing what the bench compares with…');
    const stamp = wanted();
    // None of the packages needs a script of its own to work.
    await npmCi(inRoot('bench'), ['--ignore-scripts']);
    fs.writeFileSync(STAMP, stamp);
  });
}

function installed() {
  return readStamp(STAMP) === wanted();
}

function wanted() {
  return fingerprint([
    ['machine', `${process.platform} ${process.arch}`],
    ...['bench/package.json', 'bench/package-lock.json'].map(
      (file) => /** @type {const} */ ([file, fs.readFileSync(inRoot(file))]),
    ),
  ]);
}
