/** What `npm run bench` has on stdout is a bench's result, so that another program can read it. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const SCRIPTS = path.resolve(import.meta.dirname, '..');

test.each([
  ['no name', [], 0],
  ['a name that is none', ['nothing', '--json'], 1],
])('with %s it says on stderr which there are', (_, args, code) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(SCRIPTS, 'bench.mjs'), ...args], {
    encoding: 'utf8',
  });
  expect({ stdout, status }).toEqual({ stdout: '', status: code });
  expect(stderr).toMatch(/one of: .*\bot\b/);
});

test('what is done on the way to a result is told on stderr', () => {
  const script = `import { note, say } from ${JSON.stringify(path.join(SCRIPTS, 'lib/say.mjs'))}; note('on the way'); say('result');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'result\n', stderr: 'on the way\n' });
});
