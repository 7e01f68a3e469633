import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readContext } from '../../src/image-context.ts';

test('the image is made of the agent and of none of its tests', () => {
  const paths = readContext(fileURLToPath(new URL('../../../../sandbox', import.meta.url))).files.map(
    ({ path }) => path,
  );
  expect(paths).toContain('Dockerfile');
  expect(paths).toContain('agent/main.go');
  expect(paths.filter((path) => /_test\.go$|testdata|base\.sh/.test(path))).toEqual([]);
});
