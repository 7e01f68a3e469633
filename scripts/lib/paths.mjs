/** Where things are in this checkout. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Stamps, locks, logs and reports of these scripts; ignored by git, safe to delete. */
export const CACHE = path.join(ROOT, '.cache');

/** The Node that runs the product, pinned by the npm package `node`. */
export const PINNED_NODE = path.join(
  ROOT,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** @param {string} relative a path below the root, with `/` */
export function inRoot(relative) {
  return path.join(ROOT, relative);
}
