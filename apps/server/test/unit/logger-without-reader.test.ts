import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const LOGGER = new URL('../../src/logger.ts', import.meta.url).href;
const SCRIPT = `
  import { createLogger } from '${LOGGER}';
  const log = createLogger('info');
  for (const line of ['one', 'two', 'three']) log.warn(line);
  process.exit(7);
`;

test('a server whose log nobody reads any more ends all the same', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([7, null]);
});
