import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import { takeLock } from './folder-lock.ts';

/** The data folder while this process holds it. */
export type DataFolder = {
  readonly path: string;
  /** Stays the same over restarts: what this installation is called as an owner of rooms. */
  readonly instance: string;
  release(): void;
};

/** The text of a file of the folder, made by `make` at the first call; readable by its owner alone. */
function kept(folder: string, name: string, make: () => string): string {
  const path = join(folder, name);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const text = make();
  const draft = `${path}.new`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(draft, path);
  return text;
}

/**
 * Makes the folder where needed and holds it until `release`. Throws a `ConfigError` when another live server
 * holds it or it cannot be written.
 */
export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o711 });
    // PostgreSQL may run as another user: it has to pass through, though not to list. Secrets have mode 0600.
    const { mode } = statSync(path);
    if ((mode & 0o011) !== 0o011) chmodSync(path, (mode & 0o777) | 0o011);
    const release = takeLock(path);
    return {
      path,
      instance: kept(path, 'instance', () => randomBytes(12).toString('base64url')),
      release,
    };
  } catch (error) {
    if (error instanceof ConfigError || !(error as NodeJS.ErrnoException).code) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new FullDisk(path, error);
    throw new ConfigError(
      `The data folder ${path} cannot be used (${(error as Error).message}). Set CODESYNC_DATA to a folder that this user may write to.`,
    );
  }
}

/** There is no space where the data folder is. */
class FullDisk extends ConfigError {
  constructor(path: string, cause: unknown) {
    super(
      `The disk with the data folder ${path} is full. Make space on it, or set CODESYNC_DATA to a folder on another disk.`,
      { cause },
    );
  }
}

/** Below this PostgreSQL fails in many ways. It needs a segment of its log, of 16 MiB, and a little more. */
const SPARE_BYTES = 24 * 1024 * 1024;

/**
 * Does a step of the start that writes below `path`. Throws `FullDisk` when the step fails because there is no space
 * there.
 */
export async function withSpace<T>(path: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { bavail, bsize } = statfsSync(path);
    if (bavail * bsize < SPARE_BYTES) throw new FullDisk(path, error);
    throw error;
  }
}

/** The secret of the installation: what was configured, else one made and kept in the data folder. */
export function installationSecret(folder: DataFolder, configured: string | null): string {
  return configured ?? kept(folder.path, 'secret', () => randomBytes(48).toString('base64url'));
}
