/** From Ctrl-C to a prompt, while a program writes without end. */
import { setTimeout as pause } from 'node:timers/promises';
import { median, quantile } from '../../lib/stats.ts';
import type { PageScreen } from '../page-screen.ts';
import { Ptys } from '../ptys/ptys.ts';
import type { Found } from '../results.ts';
import type { Stage } from '../stage.ts';

const TIMES = 9;
/** How long the program writes. */
const FLOOD_MS = 700;

export async function interrupts(stage: Stage): Promise<Found> {
  const found: { name: string; ms: readonly (readonly number[])[] }[] = [];
  for (const [name, ptys] of [
    ['bare pty', await Ptys.bare()],
    ['tmux', await Ptys.tmux(2)],
  ] as const) {
    if (ptys === null) continue;
    found.push({ name, ms: await ofPtys(ptys) });
    ptys.close();
  }
  const forwarded = await stage.forwarded(2);
  if (forwarded !== null) {
    found.push({ name: 'forwarding', ms: await ofScreens(forwarded.screens) });
    forwarded.close();
  }
  const shared = await stage.shared([stage.server.place, stage.server.place]);
  found.push({ name: 'CodeSync', ms: await ofScreens(shared.screens) });
  await shared.leave();
  return {
    title: 'Ctrl-C under yes',
    columns: [
      { what: 'typist', unit: 'ms' },
      { what: 'most', unit: 'ms' },
      { what: 'both', unit: 'ms' },
      { what: 'most', unit: 'ms' },
    ],
    rows: found.map(({ name, ms }) => {
      const [own, last] = [0, 1].map((who) => ms.map((took) => took[who]!));
      return { name, figures: [median(own!), quantile(own!, 1), median(last!), quantile(last!, 1)] };
    }),
  };
}

async function ofPtys(ptys: Ptys): Promise<number[][]> {
  const took: number[][] = [];
  for (let i = 0; i < TIMES; i++) {
    await ptys.enter('yes\n', 'y\r?\n.*y');
    await pause(FLOOD_MS / 10);
    took.push([...(await ptys.enter('\x03', '\\^C.*\\$ '))]);
  }
  return took;
}

async function ofScreens(screens: readonly PageScreen[]): Promise<number[][]> {
  const took: number[][] = [];
  const typist = screens[0]!;
  for (let i = 0; i < TIMES; i++) {
    await typist.enter('yes');
    await Promise.all(screens.map((screen) => screen.until(/^y\ny\ny\ny$/)));
    await pause(FLOOD_MS);
    const seen = Promise.all(screens.map((screen) => screen.until(/\^C\n.*\$$/)));
    await typist.page.keyboard.press('Control+c');
    const at = await seen;
    const began = await typist.pressedAt();
    took.push([at[0]! - began, Math.max(...at) - began]);
  }
  return took;
}
