/**
 * What to do about an engine that makes no sandbox, by what it says when it refuses one. Pure.
 */

/** The words of Docker Engine from 20.10 on, of runc and of the kernel; the first that fits counts. */
const MENDS: readonly (readonly [said: RegExp, mend: string])[] = [
  [
    /runtime (specified|name)|OCI runtime.*executable file not found/i,
    'CODESYNC_RUNTIME names a runtime that the engine does not have: install it and register it in /etc/docker/daemon.json, or unset the variable.',
  ],
  [
    /CPU CFS|NanoCPUs can not be set/i,
    'Use a kernel with CONFIG_CFS_BANDWIDTH, and give the engine the cgroup controller “cpu”.',
  ],
  [
    /seccomp is not enabled|seccomp.{0,40}(not supported|unavailable)|loading seccomp/i,
    'The engine must have seccomp: “docker info” names it under Security Options. Use a kernel with CONFIG_SECCOMP_FILTER.',
  ],
  [
    /no space left on device|disk quota exceeded/i,
    'Free space where the engine keeps its data; “docker system df” shows what takes it.',
  ],
  [
    /cgroup/i,
    'Give the engine the cgroup controllers cpu, memory and pids; “mount | grep cgroup” shows what there is.',
  ],
  [
    /no such image|manifest unknown/i,
    'The sandbox image was removed. Start CodeSync again, which makes it anew.',
  ],
  [
    /permission denied|operation not permitted/i,
    'The engine lacks rights on this machine, as inside of a container. Give CodeSync an engine that runs as root on a machine of its own.',
  ],
];

/** A sentence for who runs the server; null when what was said is of no known kind. */
export function mendOf(said: string): string | null {
  return MENDS.find(([pattern]) => pattern.test(said))?.[1] ?? null;
}
