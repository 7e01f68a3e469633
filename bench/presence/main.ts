/**
 * What it takes until others see that a cursor has moved, and what it costs them (README.md says more).
 *
 *   npm run bench -- presence [--people 2,10,50] [--seconds 10]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { flags } from '../lib/flags.ts';
import { describeMachine, machine, versionOf } from '../lib/machine.ts';
import { quantile } from '../lib/stats.ts';
import { digits, duration, table } from '../lib/table.ts';
import { awareness } from './awareness.ts';
import { codesync } from './codesync.ts';
import { PLACES, type Seat, type Stage } from './seat.ts';

/** At most so many move at a time; the others look on. */
const MOVERS = 10;
const MOVES_PER_SECOND = 10;
const SETTLE_MS = 1_500;
/** Both ways tell now and then what nobody changed: every 10 and 15 seconds. */
const REST_MS = 30_000;

const WAYS = {
  CodeSync: codesync,
  [`y-websocket ${versionOf('y-websocket')}`]: awareness,
};

const chosen = flags(['people', 'seconds'], []);
const sizes = (chosen.people ?? '2,10,50').split(',').map(Number);
const seconds = Number(chosen.seconds ?? 10);
const made = machine();
// Every y-websocket client listens for the end of the process.
process.setMaxListeners(0);

const rows: string[][] = [];
for (const people of sizes) {
  for (const [title, start] of Object.entries(WAYS)) {
    process.stderr.write(`${title}, ${people} people\n`);
    const stage = await start();
    const { delays, bytesPerSecond, idleBytesPerSecond, moves } = await measure(stage, people);
    await stage.stop();
    rows.push([
      `${people}  ${title}`,
      duration(quantile(delays, 0.5)),
      duration(quantile(delays, 0.95)),
      `${digits(bytesPerSecond / 1_000)} kB/s`,
      `${digits(idleBytesPerSecond / 1_000)} kB/s`,
      `${Math.round((100 * delays.length) / moves)} %`,
    ]);
  }
}
const header = ['people', 'seen after, p50', 'p95', 'received, moving', 'at rest', 'moves seen'];
console.log(`${table(header, rows)}\n\n${describeMachine(made)}`);
process.exit(0);

/** Delays in milliseconds, as one person who looks on has them; bytes are those of one person on average. */
async function measure(stage: Stage, people: number) {
  const movedAt = Array.from({ length: people }, () => new Map<number, number>());
  const delays: number[] = [];
  const seats: Seat[] = [];
  for (let who = 0; who < people; who++) {
    seats.push(
      await stage.sit(who, (other, place) => {
        const at = movedAt[other]?.get(place);
        if (who !== 0 || at === undefined) return;
        movedAt[other]!.delete(place);
        delays.push(performance.now() - at);
      }),
    );
  }
  const received = () => seats.reduce((sum, seat) => sum + seat.received(), 0);
  const during = async (ms: number) => {
    const [before, began] = [received(), performance.now()];
    await pause(ms);
    return (1_000 * (received() - before)) / (performance.now() - began) / people;
  };
  for (const seat of seats) seat.move(0);
  await pause(SETTLE_MS);
  const idleBytesPerSecond = await during(REST_MS);

  let moves = 0;
  let place = 0;
  const timers = seats.slice(0, MOVERS).map((seat, who) => {
    const gap = 1_000 / MOVES_PER_SECOND;
    return setTimeout(
      () => {
        timers[who] = setInterval(() => {
          place = (place + 1) % PLACES;
          if (who !== 0) {
            moves++;
            movedAt[who]!.set(place, performance.now());
          }
          seat.move(place);
        }, gap);
      },
      (who * gap) / MOVERS,
    );
  });
  const bytesPerSecond = await during(seconds * 1_000);
  for (const timer of timers) clearInterval(timer);
  await pause(SETTLE_MS);
  for (const seat of seats) seat.close();
  return { delays, moves, bytesPerSecond, idleBytesPerSecond };
}
