/** From the loss of one's line, with another one in its place, to pictures again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Found } from './results.ts';
import type { Seat } from './seat.ts';
import type { Stage } from './stage.ts';

/** What the pages, and the estimates of what the line carries, need to come to rest. */
const SETTLE_MS = 10_000;
/** Pictures that were on their way when the line was lost still come in this time. */
const ON_THE_WAY_MS = 250;
const PATIENCE_MS = 60_000;
/** So many pictures in this time are a picture that moves. */
const MOVING = { frames: 5, ms: 1_000 };

/** The lines of the two are lost by turns. */
export async function changesOf(stage: Stage, times: number): Promise<Found> {
  const seats = await stage.seats('direct');
  for (const seat of seats) {
    await seat.prepare();
    await seat.join();
  }
  await Promise.all(seats.map((seat) => seat.firstFrame()));
  const [others, own]: [number[], number[]] = [[], []];
  for (let i = 0; i < times; i++) {
    await pause(SETTLE_MS);
    for (const seat of seats) await seat.clear();
    const [moved, other] = i % 2 === 0 ? seats : [seats[1], seats[0]];
    const at = await stage.network.change(i % 2 === 0 ? 'ada' : 'bea');
    const [othersMs, ownMs] = await Promise.all([movesAgain(other, at), movesAgain(moved, at)]);
    others.push(othersMs);
    own.push(ownMs);
  }
  for (const { person } of seats) await person.leave();
  return {
    line: 'change',
    figures: [
      { what: 'the other one sees whoever lost the line', ms: others },
      { what: 'whoever lost the line sees the other one', ms: own },
      { what: 'both', ms: others.map((ms, i) => Math.max(ms, own[i]!)) },
    ],
  };
}

/** Milliseconds after `at` from which a picture moves again that was to stand still then. */
async function movesAgain(seat: Seat, at: number): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const frames = (await seat.frames()).filter((frame) => frame > at + ON_THE_WAY_MS);
    const first = frames.find((frame, i) => (frames[i + MOVING.frames] ?? Infinity) - frame < MOVING.ms);
    if (first !== undefined) return first - at;
    if (performance.now() > deadline) throw new Error(`${seat.name} sees nobody any more`);
    await pause(200);
  }
}
