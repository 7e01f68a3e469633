/** The most memory that processes have while something goes on. */
import { residentBytes } from '../lib/processes.ts';

const EVERY_MS = 50;

/** @param groups processes that are counted together. Returns the way to end it, which gives each group's most, in bytes. */
export function watchMemory(groups: readonly (readonly number[])[]): () => number[] {
  const most = groups.map((pids) => residentBytes(pids));
  const look = () => {
    for (const [i, pids] of groups.entries()) most[i] = Math.max(most[i]!, residentBytes(pids));
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}
