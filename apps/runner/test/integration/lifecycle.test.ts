import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUNNER_PROTOCOL } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { dockerClient } from '../../src/engine.ts';
import { RunnerClient } from '../support/client.ts';
import { engineProxy } from './engine-proxy.ts';
import { containersOf, eventually, isWarm, poolsOf, skipReason, startRunner } from './runner-process.ts';

const probe = await startRunner();
const skip = skipReason(probe);
await probe.end();

describe.skipIf(skip)(`the runner’s life${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('[INV9] its parent closing leaves no container and ends every run', async () => {
    const runner = await startRunner();
    const run = runner.run('python', { 'main.py': 'print("up")\nwhile True: pass' });
    await run.until(() => run.stdout === 'up\n');
    expect((await runner.containers()).length).toBeGreaterThan(3);
    const ended = run.ended();
    runner.child.stdin?.end();
    expect(await ended).toMatchObject({ reason: 'infrastructure', message: 'CodeSync was stopped.' });
    await eventually('no container', async () => (await runner.containers()).length === 0);
    await runner.end();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s leaves no container, and exits with 0', async (signal) => {
    const runner = await startRunner();
    const code = new Promise((resolve) => runner.child.once('exit', resolve));
    runner.child.kill(signal);
    expect(await code).toBe(0);
    expect(await runner.containers()).toEqual([]);
  });

  test('[A39] [INV9] killed with -9 in mid-run, it leaves no container', async () => {
    const runner = await startRunner();
    const run = runner.run('javascript', { 'main.js': 'console.log("up"); for (;;);' });
    await run.until(() => run.stdout === 'up\n');
    const killedAt = performance.now();
    runner.child.kill('SIGKILL');
    await eventually('no container', async () => (await runner.containers()).length === 0);
    console.log(`no container ${Math.round(performance.now() - killedAt)} ms after the kill`);
    await runner.end();
  });

  test('a parent that is killed takes its runner with it', async () => {
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    const dataDir = join(tmpdir(), `codesync-orphan-${process.pid}`);
    const instance = `orphan-${process.pid}`;
    const socket = `${dataDir}.sock`;
    const script = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(main)}], { stdio: ['pipe', 'ignore', 'ignore'] }); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], {
      stdio: 'ignore',
      env: {
        ...process.env,
        CODESYNC_RUNNER_SOCKET: socket,
        CODESYNC_INSTANCE: instance,
        CODESYNC_DATA: dataDir,
      },
    });
    try {
      const client = await RunnerClient.connect(socket);
      await client.until(() => isWarm(client.status));
      parent.kill('SIGKILL');
      await client.until(() => client.closed);
      await eventually('no container', async () => (await containersOf(instance)).length === 0);
    } finally {
      parent.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  test('a connection that closes stops its runs, and only its own', async () => {
    const runner = await startRunner();
    const other = await RunnerClient.connect(runner.socket);
    const source = { path: 'main.py', text: 'print("up")\nimport time\ntime.sleep(2)\nprint("end")' };
    const mine = runner.run('python', { 'main.py': source.text });
    const theirs = other.start({ language: 'python', entry: 'main.py', files: [source] });
    await theirs.until(() => theirs.stdout !== '');
    other.close();
    const busy = () => (runner.client.status?.phase === 'ready' ? runner.client.status.pools.python.busy : 9);
    await eventually('the other run is gone', () => busy() <= 1);
    expect(await mine.ended()).toMatchObject({ reason: 'exit' });
    expect(mine.stdout).toBe('up\nend\n');
    await runner.end();
  });

  test('another version of the protocol is refused with a sentence', async () => {
    const runner = await startRunner();
    const client = await RunnerClient.connect(runner.socket);
    client.sendLine('{"type":"hello","protocol":999}');
    await client.until(() => client.closed);
    expect(client.problems[0]).toContain(`speaks version ${RUNNER_PROTOCOL}, not 999`);
    await runner.end();
  });

  test('[A38] [INV9] the engine goes in mid-run: the run has its end, and the pool heals when it is back', async () => {
    const proxy = engineProxy();
    const runner = await startRunner({ DOCKER_HOST: proxy.host });
    try {
      const run = runner.run('python', { 'main.py': 'print("up")\nwhile True: pass' });
      await run.until(() => run.stdout === 'up\n');
      const beside = await runner.containers();
      const halfMade = await halfMadeBeside(beside);
      const lost = await halfMadeBeside(beside);
      await dockerClient().getContainer(lost).start();
      proxy.cut();
      expect(await run.ended()).toMatchObject({ reason: 'infrastructure' });
      await eventually('the status says so', () => runner.client.status?.phase !== 'ready', 20_000);
      const refused = runner.run('python', { 'main.py': 'print(1)' });
      expect(await refused.ended()).toMatchObject({ reason: 'infrastructure' });
      expect((await dockerClient().getContainer(lost).inspect()).State.Running).toBe(true);
      proxy.restore();
      await runner.client.until(() => isWarm(runner.client.status));
      const again = runner.run('python', { 'main.py': 'print("again")' });
      expect(await again.ended()).toMatchObject({ reason: 'exit' });
      expect(run.ends.length).toBe(1);
      const left = await runner.containers();
      expect(left, 'what the engine left half made').not.toContain(halfMade);
      expect(left, 'what runs and is attached to nobody').not.toContain(lost);
    } finally {
      await runner.end();
      proxy.close();
    }
    expect(await containersOf(runner.instance)).toEqual([]);
  });

  test('[A38] the engine hangs in mid-run, its connections open: the run has its end, and the pool heals when it goes on', async () => {
    const proxy = engineProxy();
    const runner = await startRunner({ DOCKER_HOST: proxy.host });
    try {
      const run = runner.run('python', { 'main.py': 'print("up")\nwhile True: pass' });
      await run.until(() => run.stdout === 'up\n');
      const before = await runner.containers();
      proxy.hang();
      const hungAt = performance.now();
      // Takes what is ready, so that more is asked for while nothing answers.
      const unheard = runner.run('python', { 'main.py': 'print(1)' });
      expect(await run.ended()).toMatchObject({ reason: 'infrastructure' });
      expect(await unheard.ended()).toMatchObject({ reason: 'infrastructure' });
      console.log(`lost ${Math.round(performance.now() - hungAt)} ms after the engine hung`);
      expect(runner.client.status?.phase).not.toBe('ready');
      const refused = runner.run('python', { 'main.py': 'print(1)' });
      expect(await refused.ended()).toMatchObject({ reason: 'infrastructure' });
      proxy.goOn();
      await runner.client.until(() => isWarm(runner.client.status));
      const again = runner.run('python', { 'main.py': 'print("again")' });
      expect(await again.ended()).toMatchObject({ reason: 'exit' });
      expect([run.ends.length, unheard.ends.length]).toEqual([1, 1]);
      await eventually('nothing of before is left, nor of what was asked for meanwhile', async () => {
        const { status } = runner.client;
        if (status?.phase !== 'ready') return false;
        const there = poolsOf(status).reduce((sum, pool) => sum + pool.warm, 0);
        const containers = await runner.containers();
        return containers.length === there && !containers.some((id) => before.includes(id));
      });
    } finally {
      await runner.end();
      proxy.close();
    }
    expect(await containersOf(runner.instance)).toEqual([]);
  });

  test('with no engine to be had it says so, and what to do', async () => {
    const runner = await startRunner({ DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    expect(runner.client.status).toMatchObject({
      phase: 'absent',
      mend: expect.stringContaining('DOCKER_HOST'),
    });
    const run = runner.run('python', { 'main.py': 'print(1)' });
    expect(await run.ended()).toMatchObject({
      reason: 'infrastructure',
      message: expect.stringContaining('does not answer'),
    });
    await runner.end();
  });

  test('bad settings are one clear line and a failure', async () => {
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, CODESYNC_DOCKER: 'maybe', CODESYNC_RUNNER_SOCKET: '' },
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(log).toContain('CODESYNC_DOCKER');
    expect(log.trim().split('\n').length).toBe(1);
  });
});

/** A container as one that a runner asked for when its engine died: made, and not started. Returns its id. */
async function halfMadeBeside(ids: readonly string[]): Promise<string> {
  const docker = dockerClient();
  // That of the sandbox's check of itself may be on its way out.
  const found = await Promise.any(ids.map((id) => docker.getContainer(id).inspect()));
  const { Image, Labels, Cmd } = found.Config;
  return (
    await docker.createContainer({ Image, Labels, Cmd, OpenStdin: true, HostConfig: { AutoRemove: true } })
  ).id;
}
