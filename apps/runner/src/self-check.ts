/**
 * Whether a sandbox is what `container-spec.ts` asks for. An engine or a kernel that lacks something often does not say
 * so. So one sandbox of the pool, used as for any run, tells from inside what it meets. Nobody's code runs before that.
 */
import { type Clock, RunId } from '@codesync/protocol';
import { z } from 'zod';
import { AGENT_PIDS, CPUS, FIRST_UID } from './limits.ts';
import type { Pool } from './pool.ts';
import { type PoolKey, PROFILES, type ProfileLimits } from './profiles.ts';
import { Run } from './run.ts';
import type { Sandbox } from './sandbox.ts';

/** Far more than the probe takes on a machine that is busy with other things. */
const PROBE_MS = 15_000;
/** In whose name it runs. */
const SELF = { room: 'self-check', network: 'self-check' } as const;

/**
 * Prints `probed` as JSON. The two refused calls are harmless where they are allowed, and Docker's own profile
 * allows both on many machines, so that a refusal shows ours. Nothing is sent: connecting a datagram socket only
 * looks for a route.
 */
export const PROBE = `
import ctypes, json, os, platform, resource, socket

def read(*names):
    for name in names:
        try:
            with open("/sys/fs/cgroup/" + name) as file: return file.read().strip()
        except OSError: pass
    return None

def processors():
    both = read("cpu.max")
    time, period = both.split() if both else (read("cpu/cpu.cfs_quota_us"), read("cpu/cpu.cfs_period_us"))
    if time is None or period is None: return None
    return "max" if time in ("max", "-1") else str(int(time) / int(period))

def folder(path):
    about = os.statvfs(path)
    return {
        "bytes": about.f_blocks * about.f_frsize,
        "inodes": about.f_files,
        "guarded": about.f_flag & os.ST_NOSUID != 0 and about.f_flag & os.ST_NODEV != 0,
    }

def denied(number):
    ctypes.set_errno(0)
    return libc.syscall(number, 0, 0, 0, 0, 0, 0) == -1 and ctypes.get_errno() == 1

def routed():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try: probe.connect(("192.0.2.1", 9))
        except OSError: return False
    return True

def swap_devices():
    with open("/proc/meminfo") as file:
        return any(line.startswith("SwapTotal:") and int(line.split()[1]) > 0 for line in file)

libc = ctypes.CDLL(None, use_errno=True)
with open("/proc/self/status") as file:
    status = dict(line.rstrip().split(":\\t", 1) for line in file if ":\\t" in line)
with open("/proc/net/dev") as file:
    devices = [line.split(":")[0].strip() for line in file if ":" in line]
process_vm_readv, io_uring_setup = {"x86_64": 310, "aarch64": 270}[platform.machine()], 425
print(json.dumps({
    "kernel": os.uname().release,
    "uid": os.getuid(),
    "capabilities": int(status["CapEff"] + status["CapPrm"] + status["CapBnd"], 16) != 0,
    "gainsRights": status.get("NoNewPrivs") != "1",
    "callsRefused": denied(process_vm_readv) and denied(io_uring_setup),
    "devices": devices,
    "routed": routed(),
    "rootWritable": not os.statvfs("/").f_flag & os.ST_RDONLY,
    "memory": read("memory.max", "memory/memory.limit_in_bytes"),
    "swap": read("memory.swap.max"),
    "memoryAndSwap": read("memory/memory.memsw.limit_in_bytes"),
    "swapThere": swap_devices(),
    "pids": read("pids.max", "pids/pids.max"),
    "processors": processors(),
    "folders": [folder("/w"), folder("/tmp")],
    "coreBytes": resource.getrlimit(resource.RLIMIT_CORE)[1],
}))
`;

/** A limit as its cgroup file has it: a number, or the word `max`; null where the sandbox sees no such file. */
const limit = z.union([z.literal('max'), z.string().regex(/^\d+$/)]).nullable();

export const probed = z.object({
  kernel: z.string(),
  uid: z.number().int(),
  capabilities: z.boolean(),
  gainsRights: z.boolean(),
  callsRefused: z.boolean(),
  devices: z.array(z.string()),
  routed: z.boolean(),
  rootWritable: z.boolean(),
  memory: limit,
  /** Version 2 of cgroups limits swap by itself, version 1 memory and swap together. */
  swap: limit,
  memoryAndSwap: limit,
  swapThere: z.boolean(),
  pids: limit,
  /** How many it may keep busy. */
  processors: z.union([z.literal('max'), z.string().regex(/^[\d.]+$/)]).nullable(),
  /** The two that a program can write to. `guarded`: neither devices nor programs with other rights work there. */
  folders: z.array(z.object({ bytes: z.number(), inodes: z.number(), guarded: z.boolean() })).length(2),
  /** The most that a core file may have, −1 for no limit. */
  coreBytes: z.number(),
});
export type Probed = z.infer<typeof probed>;

/** What the engine says of itself and of the kernel that it runs on. */
export type EngineFacts = {
  readonly KernelVersion?: string;
  readonly MemoryLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly SwapLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
};

export type Finding = { readonly reason: string; readonly mend: string };
/** `walls`: without these no one’s code may run. `gaps`: a machine can live with these, its owner should know. */
export type Judgement = { readonly walls: readonly Finding[]; readonly gaps: readonly Finding[] };

const BOOT = 'on the kernel’s command line (GRUB_CMDLINE_LINUX in /etc/default/grub), then reboot';
const CGROUPS = `Put “cgroup_enable=memory swapaccount=1” ${BOOT}.`;
const ENGINE = 'Use an unchanged Docker Engine from version 20.10 on, or a machine of its own for it.';

/** Holds what the probe met against what was asked for. Pure. */
export function judge(met: Probed, engine: EngineFacts, limits: ProfileLimits = PROFILES.run): Judgement {
  const walls: Finding[] = [];
  const gaps: Finding[] = [];
  const wall = (broken: boolean, reason: string, mend: string) => broken && walls.push({ reason, mend });
  wall(
    met.devices.some((name) => name !== 'lo') || met.routed,
    'Sandboxes have a network.',
    `Nothing may attach containers to a network by itself. ${ENGINE}`,
  );
  wall(
    // Where a runtime brings a kernel of its own, as gVisor does, that stands in the place of the list.
    !met.callsRefused && met.kernel === engine.KernelVersion,
    'The list of allowed system calls is not in force in sandboxes.',
    'The engine must have seccomp: “docker info” names it under Security Options. Use a kernel with CONFIG_SECCOMP_FILTER.',
  );
  wall(met.uid < FIRST_UID, 'Code in sandboxes has another user id than it was given.', ENGINE);
  wall(met.capabilities, 'Code in sandboxes has capabilities.', ENGINE);
  wall(met.gainsRights, 'Code in sandboxes can gain rights.', ENGINE);
  wall(met.rootWritable, 'The root of sandboxes is not read-only.', ENGINE);
  wall(
    !holds(met.memory, limits.memoryBytes, engine.MemoryLimit),
    'The memory of sandboxes is not limited.',
    CGROUPS,
  );
  wall(
    !holds(met.pids, limits.pids + AGENT_PIDS, engine.PidsLimit),
    'The number of processes in sandboxes is not limited.',
    'Use a kernel with CONFIG_CGROUP_PIDS.',
  );
  wall(
    // A kernel of the runtime's own need not tell of the engine's quota.
    !holds(met.processors, CPUS, engine.CpuCfsQuota) && met.kernel === engine.KernelVersion,
    'The processors of sandboxes are not limited.',
    'Use a kernel with CONFIG_CFS_BANDWIDTH, and give the engine the cgroup controller “cpu”.',
  );
  wall(
    met.folders.some(({ bytes, inodes }) => bytes > limits.diskBytes || inodes > limits.inodes),
    'The folders of sandboxes have no size.',
    `The engine must mount /w and /tmp as it is asked to, as tmpfs with size and nr_inodes. ${ENGINE}`,
  );
  wall(
    met.folders.some(({ guarded }) => !guarded),
    'The folders of sandboxes take devices or programs with other rights.',
    `The engine must mount /w and /tmp as it is asked to, with nosuid and nodev. ${ENGINE}`,
  );
  wall(
    met.coreBytes < 0 || met.coreBytes > 1,
    'A crash in a sandbox reaches the machine’s own handler of crashes.',
    `The engine must set the limit “core” as it is asked to. ${ENGINE}`,
  );
  const swapHeld =
    met.swap === null && met.memoryAndSwap === null
      ? engine.SwapLimit === true
      : holds(met.swap, 0) || holds(met.memoryAndSwap, limits.memoryBytes);
  // Without accounting a sandbox can push its memory to the disk, where there is somewhere to push it.
  if (met.swapThere && !swapHeld)
    gaps.push({
      reason: 'The kernel does not count swap, so that a run can use the machine’s.',
      mend: `Put “swapaccount=1” ${BOOT}; or turn swap off (swapoff -a).`,
    });
  return { walls, gaps };
}

/** A limit that cannot be seen from inside is the engine's word. */
function holds(seen: string | null, most: number, word = false): boolean {
  if (seen === null) return word;
  return seen !== 'max' && Number(seen) <= most;
}

/** What holds, in one line for the log. */
export function summary(met: Probed): string {
  const memory = met.memory === null ? 'the engine’s word' : `${Number(met.memory) / 1024 / 1024} MiB`;
  const pids = met.pids ?? 'the engine’s word';
  const processors = met.processors ?? 'the engine’s word';
  const disk = met.folders.map(({ bytes }) => bytes / 1024 / 1024).join(' and ');
  return `The sandbox checked itself: memory ${memory}, processes ${pids}, processors ${processors}, disk ${disk} MiB, swap ${met.swapThere ? 'on the machine' : 'none'}, system calls ${met.callsRefused ? 'listed' : 'the runtime’s'}, no network, read-only root, user ${met.uid}.`;
}

/** Takes a sandbox of the pool and asks it; throws when no answer that can be read comes, which says nothing of the walls. */
export async function probe(
  pool: Pool<PoolKey, Sandbox>,
  clock: Clock,
  log: (problem: string) => void,
): Promise<Probed> {
  let said = '';
  const end = await new Promise<string>((resolve) => {
    const run = new Run(
      {
        type: 'run.start',
        run: RunId.parse('self-check'),
        ...SELF,
        language: 'python',
        entry: 'probe.py',
        files: [{ path: 'probe.py', text: PROBE }],
        limits: { wallMs: PROBE_MS },
      },
      {
        emit: (event) => {
          if (event.type === 'run.output') said += event.text;
          if (event.type === 'run.ended') resolve(`${event.reason}. ${event.message ?? ''}`.trim());
        },
        acquire: (self) =>
          pool.acquire('python', SELF, {
            given: (sandbox) => self.given(sandbox),
            waiting: () => {},
            refused: (reason) => self.refused(reason),
          }),
        release: (sandbox) => pool.release('python', sandbox),
        wantBlob: () => () => {},
        cachedBinary: () => undefined,
        keepBinary: () => {},
        log,
        clock,
      },
    );
    run.begin();
  });
  try {
    return probed.parse(JSON.parse(said));
  } catch {
    throw new Error(`the probe ended with ${end} ${said.trim().split('\n').at(-1) ?? ''}`.trim());
  }
}
