/**
 * The lock file serves every machine and every registry. npm leaves platform packages out of it that its registry
 * does not have, and writes the registry's address into it unless told not to; both are noticed here, not by the
 * person whose `npm ci` fails.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

type Entry = {
  readonly resolved?: string;
  readonly link?: true;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const file = path.resolve(import.meta.dirname, '../../package-lock.json');
const packages: Readonly<Record<string, Entry>> = JSON.parse(fs.readFileSync(file, 'utf8')).packages;

test('no registry is named', () => {
  const named = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined && !entry.link);
  expect(named).toEqual([]);
});

test('optional packages of other platforms are locked too', () => {
  const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      // npm never installs a package for WebAssembly by itself.
      (name) => !name.includes('wasm32') && !locked(parent, name),
    ),
  );
  expect(missing).toEqual([]);
});

/** Whether `name`, as `parent` would find it, is in the lock file. */
function locked(parent: string, name: string): boolean {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${folder}/node_modules/${name}`.replace(/^\//, '')] !== undefined) return true;
    if (folder === '') return false;
  }
}
