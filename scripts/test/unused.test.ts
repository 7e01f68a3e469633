/** What nothing uses is found: knip.config.ts against a small copy of the layout. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

const FILES: Readonly<Record<string, string>> = {
  'package.json': `{ "workspaces": ["packages/*", "apps/*"], "devDependencies": { "vitest": "*" } }`,
  'packages/ot/package.json': `{ "name": "@codesync/ot", "exports": { ".": "./src/index.ts" } }`,
  'packages/ot/src/index.ts': `export { forApps, forNobody, forTests } from './op.ts';`,
  'packages/ot/src/op.ts': `export const forApps = 1; export const forNobody = 2; export const forTests = 3;`,
  'packages/ot/test/op.test.ts': `import { forTests } from '../src/index.ts'; forTests;`,
  'e2e/harness/clear-failures.ts': ``,
  'e2e/harness/eventually.ts': `export const PATIENCE_MS = 1;`,
  'e2e/harness/shared-server.ts': ``,
  'scripts/test/longest-first.mjs': `export class LongestFirst {}`,
  'apps/server/package.json': `{ "dependencies": { "@codesync/ot": "*", "pg": "*" } }`,
  'apps/server/src/main.ts': `import { forApps } from '@codesync/ot'; import './seen.ts'; forApps;`,
  'apps/server/src/seen.ts': `export const seen = 1; seen;`,
  'apps/server/src/lonely.ts': ``,
  'apps/server/src/tried.ts': `export const tried = 1;`,
  'apps/server/test/unit/seen.test.ts': `import { seen } from '../../src/seen.ts'; import '../../src/tried.ts'; seen;`,
};

let folder: string;

beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-unused-')));
  for (const [file, text] of Object.entries(FILES)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  fs.copyFileSync(path.join(ROOT, 'vitest.config.ts'), path.join(folder, 'vitest.config.ts'));
  fs.mkdirSync(path.join(folder, 'node_modules/@codesync'), { recursive: true });
  fs.symlinkSync(path.join(folder, 'packages/ot'), path.join(folder, 'node_modules/@codesync/ot'));
  fs.symlinkSync(path.join(ROOT, 'node_modules/vitest'), path.join(folder, 'node_modules/vitest'));
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

type Issue = { readonly file: string } & Readonly<Record<string, readonly { readonly name: string }[]>>;

/** What the tool finds: `file: name`, each once. */
function unused(...more: readonly string[]): Promise<readonly string[]> {
  const tool = path.join(ROOT, 'node_modules/knip/bin/knip.js');
  const config = path.join(ROOT, 'knip.config.ts');
  const args = [tool, '--config', config, '--no-config-hints', '--reporter', 'json', ...more];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) => {
      if (!stdout.startsWith('{')) return reject(new Error(stdout + stderr));
      const issues: readonly Issue[] = JSON.parse(stdout).issues;
      const found = issues.flatMap(({ file, ...kinds }) =>
        Object.values(kinds).flatMap((names) => names.map(({ name }) => `${file}: ${name}`)),
      );
      resolve([...new Set(found)].sort());
    });
  });
}

test('files, exports and dependencies that nothing uses', async () => {
  expect(await unused()).toEqual([
    'apps/server/package.json: pg',
    'apps/server/src/lonely.ts: apps/server/src/lonely.ts',
    'apps/server/src/tried.ts: tried',
    'packages/ot/src/index.ts: forNobody',
    'packages/ot/src/op.ts: forNobody',
  ]);
});

test('what only tests use, unless its own file uses it too', async () => {
  expect(await unused('--production')).toEqual([
    'apps/server/src/lonely.ts: apps/server/src/lonely.ts',
    'apps/server/src/tried.ts: apps/server/src/tried.ts',
    'packages/ot/src/index.ts: forNobody',
    'packages/ot/src/index.ts: forTests',
    'packages/ot/src/op.ts: forNobody',
    'packages/ot/src/op.ts: forTests',
  ]);
});
