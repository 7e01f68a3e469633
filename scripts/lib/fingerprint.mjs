/** One hash for many files, so that work is repeated only when its inputs changed. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * All files below a folder, sorted, relative to the root; hidden ones and folders named in `except` are left out.
 * @param {string} folder relative to the root
 * @param {readonly string[]} except folder names
 * @returns {string[]}
 */
export function filesBelow(folder, except) {
  /** @type {string[]} */
  const found = [];
  for (const entry of fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const relative = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || except.includes(entry.name)) continue;
    if (entry.isDirectory()) found.push(...filesBelow(relative, except));
    else if (entry.isFile()) found.push(relative);
  }
  return found.sort();
}

/**
 * @param {readonly (readonly [name: string, content: string | Buffer])[]} parts
 * @returns {string} a hash of names and contents
 */
export function fingerprint(parts) {
  const hash = createHash('sha256');
  for (const [name, content] of parts) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

/** @param {string} file the stamp's path */
export function readStamp(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
