/**
 * Calls between machines that are far from each other (README.md says what the lines mean).
 *
 *   npm run bench -- call [--json] [--lines direct,relay,change] [--joins 20] [--changes 10]
 */
import { spawn } from 'node:child_process';
import { ensureBuild } from '../../scripts/lib/ensure-build.mjs';
import { missing } from './needs.ts';

const lacking = await missing();
if (lacking !== null) {
  console.error(lacking);
  process.exit(1);
}
await ensureBuild();
const inside = new URL('inside.ts', import.meta.url).pathname;
const words = ['--net', process.execPath, inside, ...process.argv.slice(2)];
// It ends with its standard input: whatever happens here, nothing is left of the namespaces.
const child = spawn('unshare', words, { stdio: ['pipe', 'inherit', 'inherit'] });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
child.once('exit', (code) => process.exit(code ?? 1));
