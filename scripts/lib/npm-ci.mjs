/** `npm ci` with the npm that runs this script, or the one on the path. */
import { run } from './child.mjs';
import { Trouble } from './say.mjs';

/**
 * Puts down exactly what the lock file in `folder` names.
 * @param {string} folder an absolute path
 * @param {readonly string[]} [flags]
 */
export async function npmCi(folder, flags = []) {
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const { code, output } = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args, ...flags], { cwd: folder })
    : await run('npm', [...args, ...flags], { cwd: folder, shell: process.platform === 'win32' });
  if (code !== 0) throw new Trouble(`${output.trim()}\nThe packages could not be installed (npm ci).`);
}
