/** The folder that the image is built from, as the engine takes it: its files, their hash, and a tar of them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';

type ContextFile = { readonly path: string; readonly mode: number; readonly content: Buffer };

export type ImageContext = {
  /** Changes exactly when a file of the image does. */
  readonly hash: string;
  readonly files: readonly ContextFile[];
};

/** Not part of the image: the script that makes a base for it, and the agent's tests. `.dockerignore` says the same. */
const LEFT_OUT = (path: string) =>
  path === 'base.sh' || path === '.dockerignore' || path.endsWith('_test.go') || path.includes('/testdata/');

/** Reads `folder` whole; it is a few dozen small files. */
export function readContext(folder: string): ImageContext {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !LEFT_OUT(path) && statSync(join(folder, path)).isFile())
    .sort()
    .map((path) => ({
      path,
      mode: statSync(join(folder, path)).mode & 0o111 ? 0o755 : 0o644,
      content: readFileSync(join(folder, path)),
    }));
  const hash = createHash('sha256');
  for (const { path, mode, content } of files)
    hash.update(`${path}\0${mode}\0${content.length}\0`).update(content);
  return { hash: hash.digest('hex').slice(0, 16), files };
}

/** The same bytes for the same files: times are left out, so that the engine's layer cache holds. */
export function contextTar(context: ImageContext): Readable {
  const tar = pack();
  for (const { path, mode, content } of context.files)
    tar.entry({ name: path, mode, mtime: new Date(0), uid: 0, gid: 0 }, content);
  tar.finalize();
  return Readable.from(tar);
}
