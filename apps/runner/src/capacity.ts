/** How many sandboxes may be in use at once on this machine. */
import { totalmem } from 'node:os';
import { PROFILES } from './profiles.ts';

/** Together with what waits ready, is being made or leaves, the two need fewer than all slots. */
export const RUNS_AT_ONCE = thatFit(1 / 2, PROFILES.run.memoryBytes, 4, 32);

/** Beside the runs, so that neither takes the places of the other. Most workspaces use little of what they may. */
export const WORKSPACES_AT_ONCE = thatFit(1 / 3, PROFILES.workspace.memoryBytes, 2, 16);

/** How many sandboxes that use all of their memory fit into a part of the machine's, within bounds. */
function thatFit(part: number, memoryBytes: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor((totalmem() * part) / memoryBytes)));
}
