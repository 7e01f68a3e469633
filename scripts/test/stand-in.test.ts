/** A script that stands in for the server ends as the server does, and passes a signal on once. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const LIB = path.resolve(import.meta.dirname, '../lib/child.mjs');

/** Starts a script that stands in for one program, `code`; below a shell, as npm does it, if `underNpm`. */
function standInFor(
  code: string,
  underNpm = false,
): {
  process: ChildProcess;
  printed: () => string;
  exit: Promise<number | null>;
} {
  const program = JSON.stringify({ command: process.execPath, args: ['-e', code] });
  const script = `import { standIn } from ${JSON.stringify(LIB)}; process.exit(await standIn([${program}]));`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const [command, ...args] = underNpm ? ['sh', '-c', '"$@"; exit 1', 'sh', ...node] : node;
  const child = spawn(command!, args, {
    env: underNpm ? { ...process.env, npm_lifecycle_event: 'start' } : process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A process group of its own, as a service manager gives it: no terminal delivers signals to all of it.
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', (exitCode) => resolve(exitCode)));
  return { process: child, printed: () => output, exit };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const COUNTS_SIGNALS = `
  let count = 0;
  process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('signals:', count); process.exit(3); }, 300); });
  setInterval(() => {}, 1000);
  console.log('ready');
`;

test('the exit code is passed through', async () => {
  expect(await standInFor('process.exit(7)').exit).toBe(7);
});

test('a program that a signal ended counts as 128 and its number', async () => {
  expect(await standInFor(`process.kill(process.pid, 'SIGKILL')`).exit).toBe(137);
});

test('copies of one signal count as one', async () => {
  const script = standInFor(COUNTS_SIGNALS);
  await until(() => script.printed().includes('ready'));
  script.process.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 100));
  script.process.kill('SIGINT');
  expect(await script.exit).toBe(3);
  expect(script.printed()).toContain('signals: 1');
});

test('a SIGTERM to npm, of which only its shell hears, ends the program too', async () => {
  const script = standInFor(
    `process.on('SIGTERM', () => { console.log('told'); process.exit(); }); setInterval(() => {}, 1000); console.log('ready');`,
    true,
  );
  await until(() => script.printed().includes('ready'));
  script.process.kill('SIGTERM');
  // The pipe that the program prints to is closed by its last holder.
  await script.exit;
  expect(script.printed()).toContain('told');
});
