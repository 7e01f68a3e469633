/** Names for processes of this machine, by which others see whether they live. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names a process so that no later one is mistaken for it: host, process id, and the clock tick it started at. */
export function processName(pid: number = process.pid): string {
  return `${hostname()}:${pid}:${startTick(pid) ?? 0}`;
}

/** Whether the process of that name lives. One on another host is taken to live: it cannot be asked. */
export function processLives(name: string): boolean {
  const [host, pid, tick] = name.split(':');
  if (host !== hostname()) return host !== undefined && host !== '';
  const now = startTick(Number(pid));
  return now !== null && String(now) === tick;
}

function startTick(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything; field 22 is the start.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return null;
  }
}
