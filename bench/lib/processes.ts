/** What other processes use, as Linux tells it: processor time to the nanosecond, resident memory, threads. */
import fs from 'node:fs';

/** Processor time of all threads of these processes so far, in microseconds. */
export function processorUs(pids: readonly number[]): number {
  let ns = 0;
  for (const pid of pids) {
    for (const thread of threadsOf(pid))
      ns += Number(readIfThere(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0);
  }
  return ns / 1000;
}

/** Resident bytes of these processes; pages that they share count for each. */
export function residentBytes(pids: readonly number[]): number {
  const pageBytes = 4096;
  return pids.reduce(
    (sum, pid) => sum + pageBytes * Number(readIfThere(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0),
    0,
  );
}

/** A process and those that it started, now. */
export function family(pid: number): number[] {
  const children = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
  return [pid, ...children];
}

/** The words that a process was started with, empty for one that has ended. */
export function commandLine(pid: number): string {
  return readIfThere(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '';
}

function parentOf(pid: number): number | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The name in brackets may hold anything, brackets too.
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** The threads of a process; none when it has ended. */
export function threadsOf(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Null when the process or the thread has ended. */
export function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
