/**
 * What a sandbox's container may do. Every line here is part of the wall between users' code and the machine;
 * `docs/security.md` says what each is against. Pure: facts about the engine in, the engine's request out.
 */
import type { ContainerCreateOptions } from 'dockerode';
import { LABEL } from './labels.ts';
import { AGENT_PIDS, CPUS, FIRST_UID, SHM_BYTES } from './limits.ts';
import { PROFILES, type Purpose } from './profiles.ts';
import { SECCOMP_PROFILE } from './seccomp.ts';

export type ContainerFacts = {
  readonly image: string;
  readonly instance: string;
  readonly runner: string;
  readonly purpose: Purpose;
  /** 0 to SLOTS - 1; no two containers that exist at once share one. */
  readonly slot: number;
  /** The engine's processors: it refuses to promise more. */
  readonly cpus: number;
  /** An OCI runtime such as `runsc`; the engine's default when undefined. */
  readonly runtime?: string | undefined;
};

/** The request body for `POST /containers/create`. */
export function containerSpec(facts: ContainerFacts): ContainerCreateOptions {
  const { purpose, slot } = facts;
  const limits = PROFILES[purpose.profile];
  const uid = FIRST_UID + slot;
  // Docker adds noexec unless told otherwise; a compiled program has to run from somewhere.
  const folder = (mode: string) =>
    `rw,exec,nosuid,nodev,size=${limits.diskBytes},nr_inodes=${limits.inodes},mode=${mode},uid=${uid},gid=${uid}`;
  return {
    Image: facts.image,
    Cmd: [purpose.profile === 'run' ? purpose.language : purpose.profile],
    User: `${uid}:${uid}`,
    Hostname: 'sandbox',
    Env: [],
    OpenStdin: true,
    // The engine closes the agent's input when the runner's connection goes, however it goes.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    NetworkDisabled: true,
    // An engine that comes back ends the containers that it finds. It would wait ten seconds for one that is only asked.
    StopSignal: 'SIGKILL',
    Labels: {
      [LABEL.instance]: facts.instance,
      [LABEL.runner]: facts.runner,
      ...(purpose.profile === 'run' ? { [LABEL.language]: purpose.language } : {}),
    },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', `seccomp=${SECCOMP_PROFILE}`],
      Privileged: false,
      Memory: limits.memoryBytes,
      // Equal to the memory: no swap.
      MemorySwap: limits.memoryBytes,
      NanoCpus: Math.min(CPUS, facts.cpus) * 1e9,
      // A quarter of an ordinary container's share: the room's own server comes first on a busy machine.
      CpuShares: 256,
      // Not the ulimit nproc, which counts a user id's processes over all containers.
      PidsLimit: limits.pids + AGENT_PIDS,
      Ulimits: [
        // One byte, not zero. No core file is that small. And at exactly one the kernel does not start the machine's
        // handler of crashes, which would run as root, outside, on input from the sandbox.
        { Name: 'core', Soft: 1, Hard: 1 },
        { Name: 'nofile', Soft: 1024, Hard: 1024 },
        // Above the folders' size, so that a full disk is what a program meets.
        { Name: 'fsize', Soft: 2 * limits.diskBytes, Hard: 2 * limits.diskBytes },
      ],
      Tmpfs: { '/w': folder('0755'), '/tmp': folder('1777') },
      IpcMode: 'private',
      ShmSize: SHM_BYTES,
      LogConfig: { Type: 'none', Config: {} },
      // The machine's own programs are worth more than any sandbox.
      OomScoreAdj: 500,
      // The agent is process 1 itself: from inside, no signal can end it.
      Init: false,
      RestartPolicy: { Name: 'no' },
      ...(facts.runtime ? { Runtime: facts.runtime } : {}),
    },
  };
}
