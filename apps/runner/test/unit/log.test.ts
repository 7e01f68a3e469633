import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const LOG = new URL('../../src/log.ts', import.meta.url).href;
const SCRIPT = `
  import { createLog } from '${LOG}';
  const log = createLog('info');
  for (const line of ['one', 'two', 'three']) log.warn(line);
  process.exit(7);
`;

function runScript() {
  return spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

test('the lines of the last moment are written', async () => {
  const child = runScript();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  expect(await once(child, 'close')).toEqual([7, null]);
  const lines = said.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['one', 'two', 'three']);
});

test('a process whose log nobody reads any more ends all the same', async () => {
  const child = runScript();
  child.stderr.destroy();
  expect(await once(child, 'exit')).toEqual([7, null]);
});
