/** What it takes to enter a room with much text, without a page. */
import { Witness } from '../../e2e/harness/witness.ts';
import { type CodeSync, createRoom, signIn } from '../lib/codesync.ts';
import { processorUs, residentBytes } from '../lib/processes.ts';
import { median } from '../lib/stats.ts';
import { addFile } from './room.ts';
import { latin } from './texts.ts';

const TIMES = 5;
const AT_ONCE = 10;

export type JoinFigures = {
  /** From the connection until the room is there, one newcomer after the other. */
  readonly joinMs: number;
  /** The server's processor time for it. */
  readonly workMs: number;
  /** Until ten newcomers at once are all there, and what the server had in memory meanwhile. */
  readonly allMs: number;
  readonly peakBytes: number;
};

/** @param units of text, in files that are as large as may be. */
export async function joinsOf(server: CodeSync, units: number): Promise<JoinFigures> {
  const { room, secret } = await createRoom(server.place, 'python');
  const enter = async () => {
    const { Cookie: cookie } = await signIn(server.place);
    return Witness.join(server.place, room, cookie!, { secret });
  };
  const text = latin();
  const host = await enter();
  for (let n = 0; n < Math.floor(units / text.length); n++) await addFile(host, `file${n}.py`, text);
  const pids = server.processes().server;
  const times: number[] = [];
  const work: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const [began, before] = [performance.now(), processorUs(pids)];
    const guest = await enter();
    times.push(performance.now() - began);
    work.push((processorUs(pids) - before) / 1000);
    guest.leave();
  }
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(pids));
  }, 5);
  const began = performance.now();
  const guests = await Promise.all(Array.from({ length: AT_ONCE }, enter));
  const allMs = performance.now() - began;
  clearInterval(look);
  for (const guest of [host, ...guests]) guest.leave();
  return { joinMs: median(times), workMs: median(work), allMs, peakBytes };
}
