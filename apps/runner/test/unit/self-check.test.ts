import { ManualClock } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { FROM_AGENT, type Frame, RUN_CHANNEL } from '../../src/frames.ts';
import { Pool } from '../../src/pool.ts';
import type { PoolKey } from '../../src/profiles.ts';
import type { Sandbox } from '../../src/sandbox.ts';
import { judge, type Probed, probe, summary } from '../../src/self-check.ts';

const MET: Probed = {
  kernel: '6.1',
  uid: 20_003,
  capabilities: false,
  gainsRights: false,
  callsRefused: true,
  devices: ['lo'],
  routed: false,
  rootWritable: false,
  memory: `${512 * 1024 * 1024}`,
  swap: '0',
  memoryAndSwap: null,
  swapThere: true,
  pids: '148',
  processors: '2.0',
  folders: [
    { bytes: 128 * 1024 * 1024, inodes: 8_192, guarded: true },
    { bytes: 128 * 1024 * 1024, inodes: 8_192, guarded: true },
  ],
  coreBytes: 1,
};
const [FOLDER] = MET.folders as [Probed['folders'][number]];
const ENGINE = {
  KernelVersion: '6.1',
  MemoryLimit: true,
  PidsLimit: true,
  SwapLimit: true,
  CpuCfsQuota: true,
};
const walls = (change: Partial<Probed>, engine = {}) =>
  judge({ ...MET, ...change }, { ...ENGINE, ...engine }).walls.map(({ reason }) => reason);

describe('what a sandbox met', () => {
  test('is well where all holds, under either version of cgroups', () => {
    expect(judge(MET, ENGINE)).toEqual({ walls: [], gaps: [] });
    const one = { ...MET, swap: null, memoryAndSwap: MET.memory };
    expect(judge(one, ENGINE)).toEqual({ walls: [], gaps: [] });
    expect(summary(MET)).toContain('memory 512 MiB, processes 148, processors 2.0, disk 128 and 128 MiB');
  });

  test.each<[Partial<Probed>, string]>([
    [{ devices: ['lo', 'eth0'] }, 'Sandboxes have a network.'],
    [{ routed: true }, 'Sandboxes have a network.'],
    [{ callsRefused: false }, 'The list of allowed system calls is not in force in sandboxes.'],
    [{ uid: 0 }, 'Code in sandboxes has another user id than it was given.'],
    [{ capabilities: true }, 'Code in sandboxes has capabilities.'],
    [{ gainsRights: true }, 'Code in sandboxes can gain rights.'],
    [{ rootWritable: true }, 'The root of sandboxes is not read-only.'],
    [{ memory: 'max' }, 'The memory of sandboxes is not limited.'],
    [{ memory: '9223372036854771712' }, 'The memory of sandboxes is not limited.'],
    [{ pids: 'max' }, 'The number of processes in sandboxes is not limited.'],
    [{ processors: 'max' }, 'The processors of sandboxes are not limited.'],
    [{ processors: '4.0' }, 'The processors of sandboxes are not limited.'],
    [{ folders: [FOLDER, { ...FOLDER, bytes: 2 ** 40 }] }, 'The folders of sandboxes have no size.'],
    [{ folders: [{ ...FOLDER, inodes: 2 ** 40 }, FOLDER] }, 'The folders of sandboxes have no size.'],
    [
      { folders: [FOLDER, { ...FOLDER, guarded: false }] },
      'The folders of sandboxes take devices or programs with other rights.',
    ],
    [{ coreBytes: -1 }, 'A crash in a sandbox reaches the machine’s own handler of crashes.'],
    [{ coreBytes: 4096 }, 'A crash in a sandbox reaches the machine’s own handler of crashes.'],
  ])('is a missing wall: %j', (change, reason) => {
    expect(walls(change)).toEqual([reason]);
    expect(judge({ ...MET, ...change }, ENGINE).walls[0]!.mend).toMatch(/.+\.$/);
  });

  test('is the engine’s word where it cannot be seen from inside', () => {
    const unseen = { memory: null, pids: null, processors: null, swap: null, memoryAndSwap: null };
    expect(walls(unseen)).toEqual([]);
    expect(walls(unseen, { MemoryLimit: false, PidsLimit: false, CpuCfsQuota: false })).toHaveLength(3);
    expect(walls({ memory: null }, { MemoryLimit: undefined })).toHaveLength(1);
  });

  test('may lack our list of calls, and the engine’s quota, under a kernel of the runtime’s own', () => {
    expect(walls({ callsRefused: false, processors: 'max', kernel: '4.4.0' })).toEqual([]);
  });

  test('is a gap, with its mend, where swap is there and not counted', () => {
    const uncounted = { ...MET, swap: null };
    const engine = { ...ENGINE, SwapLimit: false };
    expect(judge(uncounted, engine).walls).toEqual([]);
    expect(judge(uncounted, engine).gaps[0]?.mend).toContain('swapaccount=1');
    expect(judge({ ...uncounted, swapThere: false }, engine).gaps).toEqual([]);
  });
});

describe('the probe', () => {
  /** A pool of one kind of sandbox, whose agent answers a START with these words and an exit. */
  function ask(words: string) {
    const exit = {
      reason: 'exit',
      code: 0,
      signal: '',
      wallMs: 1,
      compileMs: 0,
      cpuMs: 1,
      peakBytes: 1,
      compiling: false,
      truncatedOut: 0,
      truncatedErr: 0,
      stdinDropped: 0,
      message: '',
      binary: false,
    };
    const frames: Frame[] = [
      { channel: RUN_CHANNEL, type: FROM_AGENT.stdout, payload: Buffer.from(words) },
      { channel: RUN_CHANNEL, type: FROM_AGENT.exit, payload: Buffer.from(JSON.stringify(exit)) },
    ];
    const destroyed: Sandbox[] = [];
    const sandbox = (): Sandbox => ({
      send: () => {},
      listen: (listener) => {
        for (const frame of frames) listener.frame(frame);
      },
      ranOutOfMemory: () => Promise.resolve(false),
      onMemoryKill: () => {},
      destroy: () => Promise.resolve(),
    });
    const clock = new ManualClock();
    const pool = new Pool<PoolKey, Sandbox>(
      {
        create: () => Promise.resolve(sandbox()),
        destroy: async (one) => void destroyed.push(one),
        watch: () => {},
      },
      {
        warm: { python: 1, javascript: 0, go: 0, rust: 0, workspace: 0 },
        startingAtOnce: 1,
        startingForWaiting: 1,
        slots: 2,
        shares: [{ keys: ['python'], busy: 2 }],
      },
      clock,
      () => {},
    );
    pool.open();
    return { answer: probe(pool, clock, () => {}), destroyed };
  }

  test('uses a sandbox as a run does, once, and reads what it says', async () => {
    const { answer, destroyed } = ask(JSON.stringify(MET));
    expect(await answer).toEqual(MET);
    expect(destroyed).toHaveLength(1);
  });

  test.each(['', 'Traceback\nKeyError: 1', '{}', '{"uid":0}'])('takes %j for no answer', async (words) => {
    await expect(ask(words).answer).rejects.toThrow(/^the probe ended with exit\./);
  });
});
