/** Two connections that are cut for a minute, while a program prints numbered lines. */
import { setTimeout as pause } from 'node:timers/promises';
import { stretches } from '../../../e2e/harness/stretches.ts';
import { TcpProxy } from '../../../e2e/harness/tcp-proxy.ts';
import type { Found } from '../results.ts';
import type { Stage } from '../stage.ts';

const CUT_MS = 60_000;
/** All of them are kept. */
const LINES = 8_000;
/** It prints for longer than the cut. */
const PROGRAM = `clear; python3 -c "import time; [(print(f'line {n} of the program', flush=True), time.sleep(0.008)) for n in range(1, ${LINES + 1})]; print('all')"`;
const PRINTED = /^line (\d+) of the program$/;

export async function overACut(stage: Stage): Promise<Found> {
  const ways = [await TcpProxy.before(stage.server.place), await TcpProxy.before(stage.server.place)];
  const { panes, screens, leave } = await stage.shared([...ways.map(({ url }) => url), stage.server.place]);
  const near = screens[2]!;
  await screens[0]!.enter(PROGRAM);
  await Promise.all(screens.map((screen) => screen.until(/^line 1\d\d of the program$/)));
  for (const way of ways) way.cut();
  await pause(CUT_MS);
  for (const screen of screens) await screen.note();
  const number = Number(
    (await near.text())
      .split('\n')
      .findLast((line) => PRINTED.test(line))!
      .match(PRINTED)![1],
  );
  const back = Date.now();
  ways[0]!.mend('late');
  ways[1]!.mend('dead');
  await Promise.all(screens.map((screen) => screen.until(/^all$/)));
  const rows: Found['rows'][number][] = [];
  for (const [i, name] of ['what was sent comes late', 'what was sent is lost'].entries()) {
    const { lines } = await screens[i]!.noted();
    const caughtUp = lines.find(
      ({ line }) => !line.startsWith('line ') || Number(PRINTED.exec(line)?.[1]) >= number,
    )!.at;
    const numbers = (await panes[i]!.copied()).flatMap((line) => {
      const found = PRINTED.exec(line)?.[1];
      return found === undefined ? [] : [Number(found)];
    });
    const known = new Set(numbers);
    rows.push({
      name,
      figures: [caughtUp - back, LINES - known.size, numbers.length - known.size, stretches(numbers).length],
    });
  }
  await leave();
  await Promise.all(ways.map((way) => way.close()));
  return {
    title: `cut for ${CUT_MS / 1_000} s`,
    columns: [
      { what: 'caught up', unit: 'ms' },
      { what: 'lost', unit: 'count' },
      { what: 'doubled', unit: 'count' },
      { what: 'stretches', unit: 'count' },
    ],
    rows,
  };
}
