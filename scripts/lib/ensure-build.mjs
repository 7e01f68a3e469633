/** Builds the page into apps/web/dist, only when something that it is made of changed. */
import fs from 'node:fs';
import path from 'node:path';
import { runPinned } from './child.mjs';
import { filesBelow, fingerprint, readStamp } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { CACHE, inRoot } from './paths.mjs';
import { elapsed, note, Trouble } from './say.mjs';

const STAMP = path.join(CACHE, 'web-build');

export async function ensureBuild() {
  if (built()) return;
  await withLock('build', async () => {
    if (built()) return;
    const since = performance.now();
    note('Building the page…');
    const stamp = inputs();
    fs.rmSync(STAMP, { force: true });
    const { code, output } = await runPinned(
      [inRoot('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: inRoot('apps/web'),
        env: { NODE_ENV: 'production' },
      },
    );
    if (code !== 0) throw new Trouble(`${output.trim()}\nThe page could not be built (vite build).`);
    fs.writeFileSync(STAMP, stamp);
    note(`Built in ${elapsed(since)}.`);
  });
}

function built() {
  return fs.existsSync(inRoot('apps/web/dist/index.html')) && readStamp(STAMP) === inputs();
}

function inputs() {
  const files = [
    'package-lock.json',
    'tsconfig.base.json',
    ...filesBelow('apps/web', ['node_modules', 'dist', 'test']),
    ...fs
      .readdirSync(inRoot('packages'))
      .flatMap((name) => filesBelow(`packages/${name}`, ['node_modules', 'test'])),
  ];
  return fingerprint(files.map((file) => [file, fs.readFileSync(inRoot(file))]));
}
