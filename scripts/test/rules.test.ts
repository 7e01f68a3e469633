/** The rules fire: each one against a small copy of the layout that breaks it, and stays silent on a tidy one. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

const TIDY: Readonly<Record<string, string>> = {
  'packages/ot/src/index.ts': `export * from './op.ts';`,
  'packages/ot/src/op.ts': `export type Op = number;`,
  'packages/protocol/src/index.ts': `import type { Op } from '@codesync/ot'; import 'zod'; export type P = Op;`,
  'packages/protocol/testing/index.ts': `import '../src/index.ts';`,
  'packages/room/src/index.ts': `import type { P } from '@codesync/protocol'; import '@codesync/ot'; export type R = P;`,
  'apps/runner/src/main.ts': `import 'dockerode'; import '@codesync/protocol';`,
  'apps/server/src/main.ts': `import './sockets/a.ts'; import './storage/b.ts'; import './runner-client/c.ts';`,
  'apps/server/src/sockets/a.ts': `import 'socket.io'; import '../rooms/room-handle.ts';`,
  'apps/server/src/http/a.ts': `import 'express'; import '../rooms/room-handle.ts';`,
  'apps/server/src/rooms/room.ts': `import type { Store } from '../ports.ts'; export type R = Store;`,
  'apps/server/src/rooms/room-handle.ts': `import './room.ts';`,
  'apps/server/src/storage/b.ts': `import 'pg'; import type { Store } from '../ports.ts'; export type S = Store;`,
  'apps/server/src/runner-client/c.ts': `export const c = 1;`,
  'apps/server/src/ports.ts': `import type { R } from '@codesync/room'; export type Store = R;`,
  'apps/web/src/app/app.tsx': `import { Run } from '../features/runs/run.tsx'; export const App = () => <Run />;`,
  'apps/web/src/features/runs/run.tsx': `import '../../editor/m.ts'; import '../../ui/b.tsx'; export const Run = () => <b />;`,
  'apps/web/src/features/call/peer.ts': `export const peer = () => new RTCPeerConnection();`,
  'apps/web/src/editor/m.ts': `import 'monaco-editor';`,
  'apps/web/src/ui/b.tsx': `export const B = <b />;`,
  'apps/web/src/ui/d.ts': `export type { C } from './c.ts';`,
  'apps/web/src/ui/c.ts': `export type C = 1;`,
  'apps/web/src/room-source/s.ts': `import '@codesync/room';`,
  'e2e/a.ts': `import '@codesync/room';`,
};

/** Rule, the file that breaks it, and how. */
const VIOLATIONS: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['no-cycles', 'apps/web/src/ui/c.ts', `import './d.ts'; export type C = 1;`],
  ['resolvable', 'apps/web/src/ui/e.ts', `import './nowhere.ts';`],
  [
    'ot-stands-alone',
    'packages/ot/src/a.ts',
    `import type { P } from '@codesync/protocol'; export type A = P;`,
  ],
  ['ot-stands-alone', 'packages/ot/src/b.ts', `import 'zod';`],
  ['ot-stands-alone', 'packages/ot/src/c.ts', `import 'node:fs';`],
  [
    'protocol-on-ot',
    'packages/protocol/src/a.ts',
    `import { type R } from '@codesync/room'; export type A = R;`,
  ],
  ['room-on-protocol', 'packages/room/src/a.ts', `import 'zod';`],
  ['testing-in-tests', 'packages/room/src/c.ts', `import '@codesync/protocol/testing';`],
  ['packages-below-apps', 'packages/room/src/b.ts', `import '../../../apps/web/src/ui/b.tsx';`],
  [
    'apps-apart',
    'apps/server/src/a.ts',
    `import type * as X from '../../runner/src/main.ts'; export type Y = typeof X;`,
  ],
  ['harness-outside', 'e2e/b.ts', `export const late = () => import('../apps/server/src/main.ts');`],
  ['runner-on-protocol', 'apps/runner/src/a.ts', `import '@codesync/room';`],
  ['docker-in-runner', 'apps/server/src/b.ts', `import type D from 'dockerode'; export type E = D;`],
  [
    'rooms-name-no-technology',
    'apps/server/src/rooms/a.ts',
    `import type { Socket } from 'socket.io'; export type S = Socket;`,
  ],
  ['rooms-name-no-technology', 'apps/server/src/rooms/b.ts', `import 'pg';`],
  ['rooms-behind-ports', 'apps/server/src/rooms/c.ts', `import '../storage/b.ts';`],
  ['adapters-know-ports', 'apps/server/src/storage/d.ts', `import '../rooms/room.ts';`],
  ['adapters-apart', 'apps/server/src/storage/e.ts', `import '../runner-client/c.ts';`],
  ['edge-through-rooms', 'apps/server/src/http/b.ts', `import '../storage/b.ts';`],
  [
    'rooms-by-handle',
    'apps/server/src/sockets/b.ts',
    `import type { R } from '../rooms/room.ts'; export type S = R;`,
  ],
  [
    'monaco-in-editor',
    'apps/web/src/features/runs/a.ts',
    `import type { editor } from 'monaco-editor'; export type E = editor.IModel;`,
  ],
  ['features-apart', 'apps/web/src/features/runs/b.ts', `import '../call/peer.ts';`],
  ['page-inward', 'apps/web/src/ui/f.ts', `import '../app/app.tsx';`],
  ['page-parts-below-features', 'apps/web/src/editor/a.ts', `import '../features/call/peer.ts';`],
  ['room-source-has-no-looks', 'apps/web/src/room-source/a.ts', `import '../ui/b.tsx';`],
];

const IMPURE = [
  'export const a = Date.now();',
  'export const b = new Date();',
  'export const c = Math.random();',
  'export const d = [1].map(Math.random);',
  'setTimeout(() => {}, 1);',
  'export const e = crypto.randomUUID();',
];

const made: string[] = [];
afterAll(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true });
});

/** A folder with the layout's manifests and these files; packages that are not ours come from our own install. */
function layout(files: Readonly<Record<string, string>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-rules-')));
  made.push(folder);
  for (const [file, text] of Object.entries(files)) write(folder, file, text);
  for (const name of ['ot', 'protocol', 'room'].filter((name) =>
    fs.existsSync(path.join(folder, 'packages', name)),
  )) {
    fs.copyFileSync(
      path.join(ROOT, `packages/${name}/package.json`),
      path.join(folder, `packages/${name}/package.json`),
    );
    link(folder, `@codesync/${name}`, path.join(folder, `packages/${name}`));
  }
  for (const name of ['zod', 'dockerode', 'socket.io', 'express', 'pg', 'monaco-editor'])
    link(folder, name, path.join(ROOT, 'node_modules', name));
  return folder;
}

function write(folder: string, file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), text);
}

function link(folder: string, name: string, target: string): void {
  const at = path.join(folder, 'node_modules', name);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.symlinkSync(target, at);
}

function output(cwd: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1 << 26 }, (_error, stdout) => resolve(stdout));
  });
}

/** What dependency-cruiser finds: `rule: file`, each once. */
async function cruise(folder: string): Promise<string[]> {
  const tool = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = path.join(ROOT, '.dependency-cruiser.mjs');
  const json = await output(folder, [tool, '--config', config, '-T', 'json', 'packages', 'apps', 'e2e']);
  const found: { rule: { name: string }; from: string }[] = JSON.parse(json).summary.violations;
  return [...new Set(found.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
}

/** What Biome's linter finds: `file:line`, each once. */
async function lint(folder: string): Promise<string[]> {
  for (const file of ['biome.json', '.gitignore', 'scripts/lint/pure-packages.grit'])
    write(folder, file, fs.readFileSync(path.join(ROOT, file), 'utf8'));
  const tool = path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const report = await output(folder, [tool, 'lint', '--reporter=github', '--diagnostic-level=error']);
  const places = report.matchAll(/file=([^,]+),line=(\d+)/g);
  return [
    ...new Set(Array.from(places, ([, file, line]) => `${path.relative(folder, file!)}:${line}`)),
  ].sort();
}

describe('import rules', () => {
  let found: string[] = [];
  beforeAll(async () => {
    found = await cruise(
      layout({ ...TIDY, ...Object.fromEntries(VIOLATIONS.map(([, file, text]) => [file, text])) }),
    );
  }, 60_000);

  test('a tidy layout passes', { timeout: 60_000 }, async () => {
    expect(await cruise(layout(TIDY))).toEqual([]);
  });

  test.each(VIOLATIONS)('%s is seen in %s', (rule, file) => {
    expect(found).toContain(`${rule}: ${file}`);
  });

  test('only the files that break a rule are named', () => {
    const broken = new Set(VIOLATIONS.map(([, file]) => file));
    expect(found.filter((line) => !broken.has(line.slice(line.indexOf(': ') + 2)))).toEqual([]);
  });
});

describe('lint rules', () => {
  test('time, randomness and timers in packages/*/src, and peer connections outside the call', {
    timeout: 60_000,
  }, async () => {
    const folder = layout({
      'packages/ot/src/impure.ts': `${IMPURE.join('\n')}\n`,
      'packages/ot/test/impure.ts': `${IMPURE.join('\n')}\n`,
      'apps/web/src/ui/peer.ts': 'export const peer = new RTCPeerConnection();\n',
    });
    expect(await lint(folder)).toEqual([
      'apps/web/src/ui/peer.ts:1',
      ...IMPURE.map((_, line) => `packages/ot/src/impure.ts:${line + 1}`),
    ]);
  });
});
