import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../config.ts';

/** Numbers of a user and their first group. */
export type User = { readonly uid: number; readonly gid: number };

const OWN_USER = 'codesync';

function lookUp(test: (name: string, uid: number) => boolean): User | null {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid && test(name, Number(uid))) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/**
 * The user that PostgreSQL runs as, since it refuses to run as root. Null when this process is not root. The owner of
 * an existing database folder stays its owner. Otherwise it is `codesync` or `postgres`, and `codesync` is made where
 * neither exists.
 */
export function unprivilegedUser(databaseFolder: string): User | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(databaseFolder, { throwIfNoEntry: false })?.uid;
  const known =
    (owner ? lookUp((_, uid) => uid === owner) : null) ??
    lookUp((name) => name === OWN_USER) ??
    lookUp((name) => name === 'postgres');
  if (known !== null) return known;
  const made = spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_USER],
    { encoding: 'utf8' },
  );
  const user = made.status === 0 ? lookUp((name) => name === OWN_USER) : null;
  if (user === null) {
    throw new ConfigError(
      'PostgreSQL does not run as root and no user could be made for it. Start CodeSync as an ordinary user, or set DATABASE_URL.',
    );
  }
  return user;
}

/** Whether `user` may pass through every folder above `path`, and through `path` itself if it is one. */
export function canReach(user: User, path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const info = statSync(folder, { throwIfNoEntry: false });
    if (info?.isDirectory()) {
      const shift = info.uid === user.uid ? 6 : info.gid === user.gid ? 3 : 0;
      if (((info.mode >> shift) & 1) === 0) return false;
    }
    if (dirname(folder) === folder) return true;
  }
}
