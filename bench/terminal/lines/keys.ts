/** From a key to its echo, by turns in every way that there is to a shell. */
import { setTimeout as pause } from 'node:timers/promises';
import { median, quantile } from '../../lib/stats.ts';
import { startForwarding } from '../forward/forward.ts';
import { ForwardedSeat } from '../forward/seat.ts';
import type { PageScreen } from '../page-screen.ts';
import { Ptys, type Took } from '../ptys/ptys.ts';
import type { Found } from '../results.ts';
import { TerminalSeat } from '../seat.ts';
import type { Stage } from '../stage.ts';

const WINDOWS = 5;
const KEYS = 40;
/** Between two keys. */
const GAP_MS = 50;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** What all shells run: what is seen is what the terminal itself sends back. */
const PROGRAM = 'cat > /dev/null';

/** `beside`: the way without CodeSync that a ratio is taken to. */
type Way = {
  readonly name: string;
  readonly beside: string | null;
  readonly alone?: boolean;
  readonly window: (number: number) => Promise<Took[]>;
};

export async function keysToEchoes(stage: Stage): Promise<Found> {
  const closing: (() => unknown)[] = [];
  const ways: Way[] = [];
  const bare = await Ptys.bare();
  if (bare !== null) {
    closing.push(() => bare.close());
    await bare.enter(`${PROGRAM}\n`, 'null\r\n');
    ways.push({ name: 'bare pty', beside: null, alone: true, window: () => windowOfPtys(bare) });
  }
  const tmux = await Ptys.tmux(2);
  if (tmux !== null) {
    closing.push(() => tmux.close());
    await tmux.enter(`${PROGRAM}\n`, 'null');
    ways.push({ name: 'tmux', beside: 'bare pty', window: () => windowOfPtys(tmux) });
  }
  const forwarding = await startForwarding();
  if (forwarding !== null) {
    closing.push(() => forwarding.close());
    const seats = [await ForwardedSeat.join(forwarding.url), await ForwardedSeat.join(forwarding.url)];
    await ready(seats);
    ways.push({ name: 'forwarding, at a socket', beside: 'bare pty', window: () => windowOfSeats(seats) });
  }
  const first = await TerminalSeat.join(stage.server.place, stage.link);
  const second = await TerminalSeat.join(stage.server.place, stage.link);
  closing.push(
    () => first.leave(),
    () => second.leave(),
  );
  await second.watch(await first.open(), /\$/);
  await ready([first, second]);
  // A page shows the newest terminal.
  const shared = await stage.shared([stage.server.place, stage.server.place]);
  ways.push({
    name: 'CodeSync, at a socket',
    beside: 'bare pty',
    window: () => windowOfSeats([first, second]),
  });
  const forwarded = await stage.forwarded(2);
  if (forwarded !== null) {
    closing.push(() => forwarded.close());
    await forwarded.screens[0]!.enter(PROGRAM);
    ways.push({
      name: 'forwarding, in a page',
      beside: null,
      window: (number) => windowOfScreens(forwarded.screens, number),
    });
  }
  await shared.screens[0]!.enter(PROGRAM);
  ways.push({
    name: 'CodeSync, in a page',
    beside: 'forwarding, in a page',
    window: (number) => windowOfScreens(shared.screens, number),
  });
  const took = new Map<string, Took[]>(ways.map(({ name }) => [name, []]));
  // The first window warms up, and does not count.
  for (let i = 0; i <= WINDOWS; i++) {
    for (const { name, window } of ways) {
      const found = await window(i);
      if (i > 0) took.get(name)!.push(...found);
    }
  }
  for (const close of closing) await close();
  await shared.leave();
  const own = (name: string) => took.get(name)!.map(([ms]) => ms);
  return {
    title: 'key to echo',
    columns: [
      { what: 'typist p50', unit: 'ms' },
      { what: 'p99', unit: 'ms' },
      { what: 'second p50', unit: 'ms' },
      { what: 'p99', unit: 'ms' },
      { what: 'over its peer', unit: 'ms' },
    ],
    rows: ways.map(({ name, beside, alone = false }) => {
      const others = alone ? null : took.get(name)!.map(([, ms]) => ms);
      return {
        name,
        figures: [
          median(own(name)),
          quantile(own(name), 0.99),
          others && median(others),
          others && quantile(others, 0.99),
          beside === null || !took.has(beside) ? null : median(own(name)) - median(own(beside)),
        ],
      };
    }),
  };
}

async function windowOfPtys(ptys: Ptys): Promise<Took[]> {
  const took = await ptys.keys(KEYS, GAP_MS);
  await ptys.enter('\n', '\n');
  return took;
}

type Seats = readonly Pick<TerminalSeat, 'type' | 'shown'>[];

async function ready(seats: Seats): Promise<void> {
  const shown = Promise.all(seats.map((seat) => seat.shown.until(/null\r\n/)));
  seats[0]!.type(`${PROGRAM}\n`);
  await shown;
}

async function windowOfSeats(seats: Seats): Promise<Took[]> {
  const took: Took[] = [];
  for (let i = 0; i < KEYS; i++) {
    for (const seat of seats) seat.shown.forget();
    const shown = seats.map((seat) => seat.shown.until(/Q/));
    const began = performance.now();
    seats[0]!.type('Q');
    const [own, last] = await Promise.all(shown);
    took.push([own! - began, last! - began]);
    await pause(GAP_MS);
  }
  seats[0]!.type('\n');
  await pause(GAP_MS);
  return took;
}

async function windowOfScreens([typist, second]: readonly PageScreen[], number: number): Promise<Took[]> {
  // Another line each time.
  const line = number + ALPHABET.slice(0, KEYS - 1);
  const shown = Promise.all([typist!, second!].map((screen) => screen.until(new RegExp(`^${line}$`))));
  await typist!.focus();
  for (const screen of [typist!, second!]) await screen.note();
  for (const key of line) {
    await typist!.page.keyboard.press(key);
    await pause(GAP_MS);
  }
  await shown;
  const [own, last] = [await typist!.noted(), await second!.noted()];
  await typist!.page.keyboard.press('Enter');
  return own.keys.map((at, i) => {
    const until = line.slice(0, i + 1);
    const [mine, theirs] = [own, last].map(
      ({ lines }) => lines.find(({ line }) => line.startsWith(until))!.at,
    );
    return [mine! - at, theirs! - at];
  });
}
