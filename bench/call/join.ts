/** From a click on Join to the first pictures. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Found } from './results.ts';
import type { Seat, Ways } from './seat.ts';
import type { Stage } from './stage.ts';

/** What a page does by itself after it has changed. */
const SETTLE_MS = 2_000;

/** The two join and leave by turns, so that each of them is the one who comes as often as the other. */
export async function joinsOf(stage: Stage, ways: Ways, times: number): Promise<Found> {
  const seats = await stage.seats(ways);
  const [own, others, both]: [number[], number[], number[]] = [[], [], []];
  let [inCall, coming]: readonly Seat[] = seats;
  await inCall!.prepare();
  await inCall!.join();
  for (let i = 0; i < times; i++) {
    await coming!.prepare();
    for (const seat of seats) await seat.clear();
    await pause(SETTLE_MS);
    const at = await coming!.join();
    const [ownMs, othersMs] = (await Promise.all([coming!.firstFrame(), inCall!.firstFrame()])).map(
      (frame) => frame - at,
    );
    own.push(ownMs!);
    others.push(othersMs!);
    both.push(Math.max(ownMs!, othersMs!));
    for (const seat of seats) await seat.goesBy(ways);
    await inCall!.leave();
    await coming!.alone(inCall!);
    [inCall, coming] = [coming, inCall];
  }
  for (const { person } of seats) await person.leave();
  return {
    line: ways,
    figures: [
      { what: 'whoever joined sees the other one', ms: own },
      { what: 'is seen by the other one', ms: others },
      { what: 'both', ms: both },
    ],
  };
}
