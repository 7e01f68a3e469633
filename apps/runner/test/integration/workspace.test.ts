/** The second kind of sandbox, made by a real engine. Nobody's code runs in it here, so the engine may be asked to. */
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { AttachDecoder } from '../../src/attach-stream.ts';
import { systemClock } from '../../src/clock.ts';
import { dockerClient } from '../../src/engine.ts';
import { ensureImage } from '../../src/image.ts';
import { AGENT_PIDS } from '../../src/limits.ts';
import { processName } from '../../src/process-name.ts';
import { PROFILES } from '../../src/profiles.ts';
import { removeContainersOf } from '../../src/reaper.ts';
import { type Attached, startSandbox } from '../../src/sandbox.ts';
import { type EngineFacts, judge, PROBE, probed } from '../../src/self-check.ts';
import { eventually, skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
const docker = dockerClient();
const folder = fileURLToPath(new URL('../../../../sandbox', import.meta.url));
const GIBIBYTE = 1024 ** 3;

afterAll(async () => {
  if (skip === null) await removeContainersOf(docker, processName());
  await runner.end();
});

/** A workspace, and its container. */
async function make() {
  const attached: Attached = new Map();
  const sandbox = await startSandbox(
    {
      docker,
      image: await ensureImage({ docker, folder, progress: () => {} }),
      instance: runner.instance,
      runner: processName(),
      cpus: 1,
      attached,
      clock: systemClock,
    },
    { profile: 'workspace' },
    63,
  );
  const [id] = attached.keys();
  return { sandbox, container: docker.getContainer(id!), lose: () => attached.get(id!)!.lose('a test') };
}

const gone = (id: string) =>
  eventually('the container is gone', async () => !(await runner.containers()).includes(id));

describe.skipIf(skip)(`a workspace${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('has the walls of a run and limits of its own', async () => {
    const { sandbox, container } = await make();
    const { HostConfig } = await container.inspect();
    expect(HostConfig).toMatchObject({
      Memory: GIBIBYTE,
      MemorySwap: GIBIBYTE,
      PidsLimit: 256 + AGENT_PIDS,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
    });
    const command = ['python3', '-c', PROBE];
    const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream: Duplex = await exec.start({ hijack: true, stdin: false });
    const decoder = new AttachDecoder();
    let said = '';
    stream.on('data', (chunk: Buffer) => {
      for (const { bytes } of decoder.push(chunk)) said += bytes.toString();
    });
    await new Promise((resolve) => stream.once('end', resolve));
    const met = probed.parse(JSON.parse(said));
    const engine: EngineFacts = await docker.info();
    expect(judge(met, engine, PROFILES.workspace).walls).toEqual([]);
    expect(judge(met, engine, PROFILES.run).walls.map(({ reason }) => reason)).toEqual([
      'The memory of sandboxes is not limited.',
      'The number of processes in sandboxes is not limited.',
      'The folders of sandboxes have no size.',
    ]);
    expect(met.folders[0]).toEqual({ bytes: (3 * GIBIBYTE) / 8, inodes: 65_536, guarded: true });
    await sandbox.destroy();
    await gone(container.id);
  });

  test('ends with the runner’s connection to it', async () => {
    const { container, lose } = await make();
    expect(await runner.containers()).toContain(container.id);
    lose();
    await gone(container.id);
  });

  test('takes no frames of a run', async () => {
    const { sandbox, container } = await make();
    const lost = new Promise<string>((resolve) => sandbox.listen({ frame: () => {}, closed: resolve }));
    sandbox.send('S', '{}');
    expect(await lost).toBe("agent: a frame 'S' on channel 0, which does not take it");
    await sandbox.destroy();
    await gone(container.id);
  });
});
