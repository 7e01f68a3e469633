/** Somebody who comes to a terminal that is full, with 10,000 lines above its screen. */
import { setTimeout as pause } from 'node:timers/promises';
import { RoomPage } from '../../../e2e/pages/room-page.ts';
import { median, quantile } from '../../lib/stats.ts';
import { PageScreen } from '../page-screen.ts';
import { Ptys } from '../ptys/ptys.ts';
import type { Found } from '../results.ts';
import { TerminalSeat } from '../seat.ts';
import type { Stage } from '../stage.ts';

const TIMES = 7;
/** The server rests between two screens for a few times as long as one took: those who come apart do not wait for it. */
const REST_MS = 1_000;
const LINES = 12_000;
const FILL = `clear; seq -f 'line %06.0f of a text that is as wide as most of them' ${LINES}`;
const SHOWS_ALL = new RegExp(`^line 0*${LINES} .*\n.*\\$$`);

export async function comingLate(stage: Stage): Promise<Found> {
  const rows: { name: string; ms: number[] }[] = [];
  const ptys = await Ptys.tmux(1);
  if (ptys !== null) {
    await ptys.enter(`${FILL}\n`, `line 0*${LINES} .*\\$ `);
    const ms: number[] = [];
    for (let i = 0; i < TIMES; i++) ms.push(await ptys.attach(`line 0*${LINES} .*\\$ `));
    rows.push({ name: 'tmux, without what is above', ms });
    ptys.close();
  }
  const shared = await stage.shared([stage.server.place]);
  await shared.screens[0]!.enter(FILL);
  await shared.screens[0]!.until(SHOWS_ALL);
  const witness = await stage.witness();
  const [terminal] = witness.fold.state.terminals.keys();
  witness.leave();
  const seat = await TerminalSeat.join(stage.server.place, stage.link);
  const atSocket: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    atSocket.push(await seat.watch(terminal!, new RegExp(`line 0*${LINES} `)));
    seat.unwatch();
    await pause(REST_MS);
  }
  seat.leave();
  rows.push({ name: 'CodeSync, at a socket', ms: atSocket });
  const [first, again]: [number[], number[]] = [[], []];
  for (let i = 0; i < TIMES; i++) {
    const person = await stage.person('Late');
    const room = await RoomPage.open(person, stage.link);
    // Whoever comes looks around first. The terminal's code comes meanwhile.
    await pause(REST_MS);
    first.push(await shown(room));
    await room.page.getByRole('button', { name: 'Output', exact: true }).click();
    await room.outputPanel.waitFor();
    again.push(await shown(room));
    await person.leave();
  }
  rows.push({ name: 'CodeSync, in a page that came a second ago', ms: first });
  rows.push({ name: 'CodeSync, in a page that had it before', ms: again });
  await shared.leave();
  return {
    title: 'late, to 10,000 lines',
    columns: [
      { what: 'median', unit: 'ms' },
      { what: 'most', unit: 'ms' },
    ],
    rows: rows.map(({ name, ms }) => ({ name, figures: [median(ms), quantile(ms, 1)] })),
  };
}

/** From the press of the button to the screen as it is. */
async function shown(room: RoomPage): Promise<number> {
  const screen = await PageScreen.of(room.page);
  const seen = screen.until(SHOWS_ALL);
  await room.page.getByRole('button', { name: 'Terminal', exact: true }).click();
  return (await seen) - (await screen.pressedAt());
}
