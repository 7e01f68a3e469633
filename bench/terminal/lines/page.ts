/** What is measured on the screen of somebody who types at a person's speed, near the server and far from it. */
import { setTimeout as pause } from 'node:timers/promises';
import { TcpProxy } from '../../../e2e/harness/tcp-proxy.ts';
import { median } from '../../lib/stats.ts';
import type { Found } from '../results.ts';
import type { Stage } from '../stage.ts';
import { type KeyTimes, type Marked, startClock } from './screen-clock.ts';

/** What is typed at each distance. Of every character but spaces is measured when it is seen. */
const COMMANDS = [
  'git log --oneline | head -3',
  'ls -la --sort=time /tmp',
  'cat /etc/os-release',
  'for i in 1 2 3; do echo $i; done',
  'grep -c root /etc/passwd',
  'python3 -c "print(6 * 7)"',
];
const TIMES = { near: 1, far: 2 };
/** Between two keys of a command, in milliseconds, by turns. A quick typist: five keys a second and a bit. */
const GAPS = [90, 140, 220, 110, 180, 320, 130];
/** Between a command and the next. */
const THINKING_MS = 1_200;
const ROUND_TRIP_MS = 100;

/** A frame of a screen, in milliseconds. */
const FRAME_MS = 16;

export async function onThePage(stage: Stage): Promise<Found> {
  const { place } = stage.server;
  const way = await TcpProxy.before(place, ROUND_TRIP_MS / 2);
  const near = await typeAt(stage, place, TIMES.near);
  const far = await typeAt(stage, way.url, TIMES.far);
  await way.close();
  return {
    title: 'on the page',
    columns: [
      { what: 'echo', unit: 'ms' },
      { what: 'seen', unit: 'ms' },
      { what: 'within 16 ms', unit: 'share' },
      { what: 'wrong', unit: 'share' },
    ],
    rows: [
      { name: 'loopback', figures: near },
      { name: `${ROUND_TRIP_MS} ms there and back`, figures: far },
    ],
  };
}

async function typeAt(stage: Stage, at: string, times: number): Promise<number[]> {
  const shared = await stage.shared([at]);
  const pane = shared.panes[0]!;
  await pane.keys.focus();
  const { page } = pane.room;
  await page.evaluate(startClock);
  const keys: KeyTimes[] = [];
  let gap = 0;
  for (let time = 0; time < times; time++) {
    for (const command of COMMANDS) {
      await pane.until(/\$ $/m);
      await page.evaluate((line) => (globalThis as unknown as Marked).marks.begin(line), `$ ${command}`);
      for (const key of command) {
        await page.keyboard.type(key);
        await pause(GAPS[gap++ % GAPS.length]!);
      }
      await pane.until(`$ ${command}`);
      keys.push(...(await page.evaluate(() => (globalThis as unknown as Marked).marks.end())));
      await page.keyboard.press('Enter');
      await pause(THINKING_MS);
      await page.keyboard.type('clear');
      await page.keyboard.press('Enter');
      await pause(THINKING_MS);
    }
  }
  await shared.leave();
  return [
    median(keys.map(({ echoMs }) => echoMs)),
    median(keys.map(({ seenMs }) => seenMs)),
    keys.filter(({ seenMs }) => seenMs <= FRAME_MS).length / keys.length,
    keys.filter(({ wrong }) => wrong).length / keys.length,
  ];
}
