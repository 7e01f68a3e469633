import { describe, expect, test } from 'vitest';
import { engineProxy } from './engine-proxy.ts';
import { skipReason, startRunner } from './runner-process.ts';

const healthy = await startRunner();
const skip = skipReason(healthy);
const log = healthy.log();
await healthy.end();

describe.skipIf(skip)(`a sandbox that checks itself${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('says in one line what holds', () => {
    const lines = log.split('\n').filter((line) => line.includes('The sandbox checked itself:'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /memory 512 MiB, processes 148, processors [\d.]+, disk 128 and 128 MiB, .+ system calls listed, no network, read-only root/,
    );
  });

  test.each<[string, [asked: string | RegExp, altered: string][], string]>([
    [
      'its root can be written',
      [['"ReadonlyRootfs":true', '"ReadonlyRootfs":null']],
      'The root of sandboxes',
    ],
    [
      'it has a network',
      [
        ['"NetworkDisabled":true', '"NetworkDisabled":null'],
        ['"NetworkMode":"none"', '"NetworkMode":"host"'],
      ],
      'Sandboxes have a network.',
    ],
    [
      'every system call is allowed',
      [['defaultAction\\":\\"SCMP_ACT_ERRNO\\"', 'defaultAction\\":\\"SCMP_ACT_ALLOW\\"']],
      'The list of allowed system calls',
    ],
    [
      'its memory has no limit',
      [
        ['"Memory":536870912', '"Memory":0        '],
        ['"MemorySwap":536870912', '"MemorySwap":0        '],
      ],
      'The memory of sandboxes',
    ],
    ['its processes have no limit', [['"PidsLimit":148', '"PidsLimit":0  ']], 'The number of processes'],
    [
      'it may use every processor',
      [[/"NanoCpus":[12]0{9}/, '"NanoCpus":0         ']],
      'The processors of sandboxes',
    ],
    ['its folders have another size', [[/size=134217728/g, 'size=934217728']], 'The folders of sandboxes'],
    ['a crash in it leaves a core', [['"Soft":1,"Hard":1', '"Soft":9,"Hard":9']], 'A crash in a sandbox'],
  ])('runs nobody’s code when %s', async (_, changes, reason) => {
    const proxy = engineProxy((sent) =>
      changes.reduce((text, [asked, altered]) => text.replace(asked, altered), sent),
    );
    const runner = await startRunner({ DOCKER_HOST: proxy.host });
    try {
      expect(runner.client.status).toMatchObject({
        phase: 'failed',
        reason: expect.stringContaining(reason),
        mend: expect.stringMatching(/.+\.$/),
      });
      const run = runner.run('python', { 'main.py': 'print(1)' });
      expect(await run.ended()).toMatchObject({
        reason: 'infrastructure',
        message: expect.stringContaining(reason),
      });
      expect(run.stdout).toBe('');
    } finally {
      await runner.end();
      proxy.close();
    }
  });

  test('names the mend where the engine refuses to make one', async () => {
    const runner = await startRunner({ CODESYNC_RUNTIME: 'nowhere-to-be-had' });
    try {
      expect(runner.client.status).toMatchObject({
        phase: 'failed',
        reason: expect.stringContaining('nowhere-to-be-had'),
        mend: expect.stringContaining('CODESYNC_RUNTIME'),
      });
    } finally {
      await runner.end();
    }
  });
});
