/** The programs of this machine, and Debian's packages of those that it lacks. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const INSTALL_MS = 600_000;

/** Installs Debian packages, saying so. Throws when that is not possible here. */
export async function install(
  packages: readonly string[],
  { say }: { readonly say: (phase: 'installing', sentence: string) => void },
): Promise<void> {
  say('installing', `Installing ${packages.join(' and ')} from the system's packages.`);
  const settings = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: INSTALL_MS };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...lock, 'update', '-q'], { ...settings, maxBuffer: 1 << 26 });
  await run('apt-get', [...lock, 'install', '-q', '-y', '--no-install-recommends', ...packages], {
    ...settings,
    maxBuffer: 1 << 26,
  });
}

/** Whether this process may install packages: root on a machine with apt and dpkg. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && hasProgram('apt-get');
}

/** Whether `name` is in `PATH` or in the folders that hold system daemons. */
export function hasProgram(name: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, name)));
}
