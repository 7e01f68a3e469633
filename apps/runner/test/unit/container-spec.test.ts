import { RUNNER_LIMITS } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { containerSpec } from '../../src/container-spec.ts';
import { LABEL } from '../../src/labels.ts';
import { AGENT_PIDS } from '../../src/limits.ts';
import { SECCOMP_PROFILE } from '../../src/seccomp.ts';

const facts = {
  image: 'i',
  instance: 'x',
  runner: 'h:1:2',
  purpose: { profile: 'run', language: 'python' },
  slot: 3,
  cpus: 8,
} as const;

const spec = containerSpec(facts);
const host = spec.HostConfig!;

describe('the container of a sandbox', () => {
  test('has no network, no rights, no way to write to its root, and no swap', () => {
    expect(host.NetworkMode).toBe('none');
    expect(host.CapDrop).toEqual(['ALL']);
    expect(host.ReadonlyRootfs).toBe(true);
    expect(host.SecurityOpt).toContain('no-new-privileges');
    expect(host.MemorySwap).toBe(host.Memory);
    expect(host.Binds ?? host.Mounts).toBeUndefined();
  });

  test('belongs to a user of its own slot', () => {
    expect(spec.User).toBe('20003:20003');
    expect(containerSpec({ ...facts, slot: 4 }).User).toBe('20004:20004');
  });

  test('has bounded folders that can hold a program', () => {
    for (const folder of ['/w', '/tmp'])
      expect(host.Tmpfs?.[folder]).toMatch(
        new RegExp(`exec,nosuid,nodev,size=${RUNNER_LIMITS.diskBytes},nr_inodes=${RUNNER_LIMITS.inodes}`),
      );
  });

  test('is ended at once by an engine that ends it', () => {
    expect(spec.StopSignal).toBe('SIGKILL');
  });

  test('asks for no more processors than the engine has', () => {
    expect(containerSpec({ ...facts, cpus: 1 }).HostConfig?.NanoCpus).toBe(1e9);
  });

  test('takes another runtime only when told', () => {
    expect(host.Runtime).toBeUndefined();
    expect(containerSpec({ ...facts, runtime: 'runsc' }).HostConfig?.Runtime).toBe('runsc');
  });
});

describe('the container of a workspace', () => {
  const workspace = containerSpec({ ...facts, purpose: { profile: 'workspace' } });
  const GIBIBYTE = 1024 ** 3;

  test('has limits of its own', () => {
    expect(workspace.HostConfig).toMatchObject({
      Memory: GIBIBYTE,
      MemorySwap: GIBIBYTE,
      PidsLimit: 256 + AGENT_PIDS,
      Tmpfs: { '/w': expect.stringContaining(`size=${(3 * GIBIBYTE) / 8},nr_inodes=65536`) },
    });
  });

  test('differs from that of a run in its limits and its purpose only', () => {
    const { Memory, MemorySwap, PidsLimit, Tmpfs, Ulimits, ...wall } = workspace.HostConfig!;
    const { Cmd, Labels, HostConfig, ...rest } = workspace;
    expect(host).toMatchObject(wall);
    expect(spec).toMatchObject(rest);
    expect(Ulimits).toContainEqual({ Name: 'core', Soft: 1, Hard: 1 });
    for (const folder of Object.values(Tmpfs!)) expect(folder).toContain('rw,exec,nosuid,nodev,');
    expect([Cmd, Labels]).toEqual([['workspace'], { [LABEL.instance]: 'x', [LABEL.runner]: 'h:1:2' }]);
  });
});

describe('the system-call profile', () => {
  const profile = JSON.parse(SECCOMP_PROFILE) as {
    defaultAction: string;
    archMap: { subArchitectures: string[] }[];
    syscalls: { names: string[]; action: string; args?: { index: number; value: number }[] }[];
  };
  const allowed = (name: string) =>
    profile.syscalls.filter((rule) => rule.names.includes(name) && rule.action === 'SCMP_ACT_ALLOW');

  test('refuses what it does not name', () => {
    expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
    expect(profile.archMap.every(({ subArchitectures }) => subArchitectures.length === 0)).toBe(true);
  });

  test.each([
    'io_uring_setup',
    'io_uring_enter',
    'ptrace',
    'process_vm_readv',
    'process_vm_writev',
    'pidfd_getfd',
    'mount',
    'unshare',
    'setns',
    'bpf',
    'perf_event_open',
    'keyctl',
    'add_key',
    'userfaultfd',
    'clone3',
    'open_by_handle_at',
    'kexec_load',
    'init_module',
    'pivot_root',
    'chroot',
    'swapon',
    'reboot',
  ])('does not allow %s', (name) => {
    expect(allowed(name)).toEqual([]);
  });

  test('allows sockets of three families only', () => {
    expect(allowed('socket').map((rule) => rule.args?.[0]?.value)).toEqual([1, 2, 10]);
  });

  test('[A21] allows no change of the limit that keeps the machine’s crash handler away', () => {
    expect(host.Ulimits).toContainEqual({ Name: 'core', Soft: 1, Hard: 1 });
    const RLIMIT_CORE = 4;
    const values = (name: string, index: number) =>
      allowed(name).map((rule) => rule.args?.find((arg) => arg.index === index)?.value);
    expect(values('setrlimit', 0)).not.toContain(undefined);
    expect(values('setrlimit', 0)).not.toContain(RLIMIT_CORE);
    const reading = allowed('prlimit64').filter((rule) => rule.args?.every((arg) => arg.index !== 1));
    expect(reading.map((rule) => rule.args)).toEqual([
      [expect.objectContaining({ index: 0, value: 0 }), expect.objectContaining({ index: 2, value: 0 })],
    ]);
    expect(values('prlimit64', 1)).not.toContain(RLIMIT_CORE);
  });

  test('allows a process to change its own limits and priority only', () => {
    for (const name of ['prlimit64', 'sched_setscheduler', 'setpriority', 'ioprio_set', 'sched_setaffinity'])
      for (const rule of allowed(name))
        expect(rule.args, name).toContainEqual(expect.objectContaining({ value: 0 }));
  });
});
