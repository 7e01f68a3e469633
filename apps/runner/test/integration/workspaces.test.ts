/** Workspaces: their queue, their end, and what is left of them. */
import { WORKSPACE_LIMITS } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { WORKSPACES_AT_ONCE } from '../../src/capacity.ts';
import { RunnerClient } from '../support/client.ts';
import type { ClientTerminal, ClientWorkspace } from '../support/client-workspace.ts';
import { engineProxy } from './engine-proxy.ts';
import { containersOf, eventually, isWarm, poolsOf, skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const PROMPT = '$ ';

async function shellOf(workspace: ClientWorkspace): Promise<ClientTerminal> {
  const terminal = workspace.terminal();
  await terminal.untilShown(PROMPT);
  return terminal;
}

const busy = () => poolsOf(runner.client.status).at(-1)!.busy;

describe.skipIf(skip)(`workspaces${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('[A37] two rooms share nothing', async () => {
    const [one, two] = [runner.client.openWorkspace(), runner.client.openWorkspace()];
    const [first, second] = await Promise.all([shellOf(one), shellOf(two)]);
    first.type("touch /w/mine /tmp/mine /dev/shm/mine; sleep 999 & echo do''ne\n");
    await first.untilShown('done\r\n');
    second.type("ls -A /w /tmp/mine /dev/shm; pgrep sleep; echo lo''oked\n");
    await second.untilShown('looked\r\n');
    expect(second.shown).toContain("cannot access '/tmp/mine'");
    expect(second.shown).not.toMatch(/\bmine\r\n|\d+\r\n/);
    for (const workspace of [one, two]) workspace.close();
    await Promise.all([one.ended(), two.ended()]);
  });

  test('those that find no place wait, are told their place, and runs go on beside them', async () => {
    const open = Array.from({ length: WORKSPACES_AT_ONCE }, () => runner.client.openWorkspace());
    await Promise.all(open.map((workspace) => workspace.until(() => workspace.ready)));
    const next = runner.client.openWorkspace();
    const last = runner.client.openWorkspace();
    await last.until(() => last.positions.length > 0);
    expect([next.positions, last.positions]).toEqual([[1], [2]]);
    const run = runner.run('python', { 'main.py': 'print(1)' });
    expect(await run.ended()).toMatchObject({ reason: 'exit' });
    const early = next.terminal();
    early.type('echo ear""ly\n');
    open[0]!.close();
    await early.untilShown('early\r\n');
    expect(last.positions).toEqual([2, 1]);
    const all = [...open, next, last];
    for (const workspace of all) workspace.close();
    await Promise.all(all.map((workspace) => workspace.ended()));
    await eventually('all are gone', () => busy() === 0);
  });

  test('[A2] a program that takes all memory is killed, which is told, and its shell goes on', async () => {
    const workspace = runner.client.openWorkspace();
    const terminal = await shellOf(workspace);
    terminal.type(`python3 -c 'x = []\nwhile True: x.append(bytearray(8 << 20))'; echo we''nt\n`);
    await terminal.untilShown(/Killed[\s\S]*went\r\n/);
    await workspace.until(() => workspace.memoryNotes.length > 0);
    expect(workspace.memoryNotes[0]).toMatch(/ended: programs and files needed more than the 1024 MiB/);
    expect(workspace.ends).toEqual([]);
    workspace.close();
    await workspace.ended();
  });

  test('[A1] a fork bomb leaves other sandboxes well, and goes with its workspace', async () => {
    const [bombed, other] = [runner.client.openWorkspace(), runner.client.openWorkspace()];
    const [terminal, elsewhere] = await Promise.all([shellOf(bombed), shellOf(other)]);
    terminal.type(':(){ :|:& };:\n');
    await terminal.untilShown('Resource temporarily unavailable');
    const run = runner.run('python', { 'main.py': 'print(1)' });
    expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
    elsewhere.type('echo $((6 * 7))\n');
    await elsewhere.untilShown('42\r\n');
    terminal.close();
    expect(await terminal.ended()).toMatchObject({ exitCode: null });
    expect(bombed.ends).toEqual([]);
    for (const workspace of [bombed, other]) workspace.close();
    await Promise.all([bombed.ended(), other.ended()]);
    await eventually('both containers are gone', () => busy() === 0);
  });

  test('[A1] no shell for want of processes is told with what to do', async () => {
    const workspace = runner.client.openWorkspace();
    const terminal = await shellOf(workspace);
    const full = [
      'import os, time',
      'try:',
      '  while os.fork() > 0: pass',
      '  time.sleep(999)',
      'except OSError: print("fu" "ll", flush=True); time.sleep(999)',
    ];
    terminal.type(`exec python3 -c '${full.join('\n')}'\n`);
    await terminal.untilShown('full\r\n');
    const end = await workspace.terminal().ended();
    expect(end).toMatchObject({ exitCode: null, signal: null });
    expect(end.message).toMatch(/as many processes as it may have\. End some/);
    workspace.close();
    await workspace.ended();
  });

  test('terminals beyond the limit are refused with a sentence', async () => {
    const workspace = runner.client.openWorkspace();
    const terminals = Array.from({ length: WORKSPACE_LIMITS.terminals + 1 }, () => workspace.terminal());
    const last = terminals.pop()!;
    expect((await last.ended()).message).toMatch(/^A workspace can have up to/);
    await Promise.all(terminals.map((terminal) => terminal.untilShown(PROMPT)));
    workspace.close();
    await workspace.ended();
    expect(terminals.flatMap(({ ends, faults }) => [ends.length, ...faults])).toEqual(terminals.map(() => 1));
  });

  test('a connection that closes closes its workspaces, and no others', async () => {
    const mine = runner.client.openWorkspace();
    const terminal = await shellOf(mine);
    const client = await RunnerClient.connect(runner.socket);
    await shellOf(client.openWorkspace());
    await eventually('both are in use', () => busy() === 2);
    client.close();
    await eventually('the other is closed', () => busy() === 1);
    terminal.type('echo $((6 * 7))\n');
    await terminal.untilShown('42\r\n');
    mine.close();
    await mine.ended();
  });

  test('[INV9] a runner that ends, or is killed, leaves nothing of them', async () => {
    for (const kill of [false, true]) {
      const own = await startRunner();
      const workspace = own.client.openWorkspace();
      const terminal = await shellOf(workspace);
      terminal.type("trap '' HUP TERM; setsid sleep 999 & echo u''p\n");
      await terminal.untilShown('up\r\n');
      if (kill) own.child.kill('SIGKILL');
      else own.child.stdin?.end();
      await eventually('no container', async () => (await containersOf(own.instance)).length === 0);
      if (!kill) {
        expect(await workspace.ended()).toMatchObject({ reason: 'lost', message: 'CodeSync was stopped.' });
        expect(terminal.ends.length).toBe(1);
      }
      await own.end();
    }
  });

  test('[A38] an engine that goes takes them along, which is told, and there are new ones when it is back', async () => {
    const proxy = engineProxy();
    const own = await startRunner({ DOCKER_HOST: proxy.host });
    try {
      const workspace = own.client.openWorkspace();
      const terminal = await shellOf(workspace);
      proxy.cut();
      expect(await workspace.ended()).toMatchObject({
        reason: 'lost',
        message: expect.stringContaining('Start it again'),
      });
      expect(await terminal.ended()).toMatchObject({ exitCode: null, signal: null });
      await eventually('the status says so', () => own.client.status?.phase !== 'ready', 20_000);
      expect(await own.client.openWorkspace().ended()).toMatchObject({ reason: 'refused' });
      proxy.restore();
      await own.client.until(() => isWarm(own.client.status));
      await shellOf(own.client.openWorkspace());
    } finally {
      await own.end();
      proxy.close();
    }
    expect(await containersOf(own.instance)).toEqual([]);
  });
});
