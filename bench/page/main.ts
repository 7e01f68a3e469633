/**
 * The page with a file as large as a file may be (README.md says what the lines mean).
 *
 *   npm run bench -- page [--json] [--lines short,latin,wide,full,join]
 */
import { launchWholeChromium } from '../../e2e/harness/chromium.ts';
import { Server } from '../../e2e/harness/server.ts';
import { LIMITS } from '../../packages/protocol/src/index.ts';
import { ensureBuild } from '../../scripts/lib/ensure-build.mjs';
import { startCodeSync } from '../lib/codesync.ts';
import { flags, pick } from '../lib/flags.ts';
import { describeMachine, machine } from '../lib/machine.ts';
import { median, quantile } from '../lib/stats.ts';
import { duration, table } from '../lib/table.ts';
import { inBareEditor } from './bare.ts';
import { type JoinFigures, joinsOf } from './join.ts';
import type { Keys } from './measure.ts';
import { places } from './places.ts';
import { inRoom } from './room.ts';
import { latin, linesOf, short, wide } from './texts.ts';

const { json, lines } = flags(['lines'], ['json']);
const named = pick(lines, ['short', 'latin', 'wide', 'full', 'join'], 'line');
const made = machine();
const full = () => Array.from({ length: Math.floor(LIMITS.roomBytes / latin().length) - 1 }, () => latin());
const texts = {
  short: { text: short, others: () => [] },
  latin: { text: latin, others: () => [] },
  wide: { text: wide, others: () => [] },
  full: { text: short, others: full },
};

/** Frames are drawn as soon as there is something to draw, and wait for no screen: what is measured is the page's part. */
const WITHOUT_SCREEN = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

/** Of text, in the rooms that are entered. */
const ROOM_UNITS = [0, 8e6, 25e6, 52e6];

await ensureBuild();
const server = await Server.start({ engine: 'none' });
const browser = await launchWholeChromium(WITHOUT_SCREEN);
try {
  for (const name of named) {
    if (name === 'join') continue;
    const text = texts[name].text();
    const bare = await inBareEditor(browser, text);
    const page = await inRoom(browser, server, text, texts[name].others());
    if (json) {
      console.log(JSON.stringify({ machine: made, text: name, bare, page }, null, 2));
      continue;
    }
    console.log(`\n${name}: ${text.length} units in ${linesOf(text)} lines`);
    const { openMs, openWorkMs, arriveMs, pasteMs, searchMs } = page;
    console.log(
      table(
        ['', 'page', 'bare'],
        [
          ['open', duration(openMs), duration(bare.openMs)],
          ['work to open', duration(openWorkMs), duration(bare.openWorkMs)],
          ['arrive', duration(arriveMs), '–'],
          ['paste of 100 kB', duration(pasteMs), '–'],
          ['search', duration(searchMs), '–'],
        ],
      ),
    );
    const told = ({ seenMs, workMs }: Keys) => [
      duration(median(seenMs)),
      duration(quantile(seenMs, 0.99)),
      duration(workMs),
    ];
    const cells = (title: string, of: Readonly<Record<(typeof places)[number], Keys>>) =>
      places.map((place) => [`${title}, ${place}`, ...told(of[place])]);
    console.log(
      table(
        ['a key', 'seen, median', 'p99', 'work'],
        [...cells('bare', bare.keys), ...cells('page', page.keys), ...cells('beside another', page.beside)],
      ),
    );
  }
} finally {
  await browser.close();
  await server.dispose();
}

const rooms: { readonly units: number; readonly joins: JoinFigures }[] = [];
if (named.includes('join')) {
  const alone = await startCodeSync({ DOCKER_HOST: 'unix:///no-engine.sock' }, null);
  try {
    for (const units of ROOM_UNITS) rooms.push({ units, joins: await joinsOf(alone, units) });
  } finally {
    await alone.stop();
  }
}
if (json) console.log(JSON.stringify({ machine: made, rooms }, null, 2));
else {
  if (rooms.length > 0) {
    console.log(
      table(
        ['a room of', 'join', 'work', 'ten at once', 'memory'],
        rooms.map(({ units, joins }) => [
          `${units / 1e6} M`,
          duration(joins.joinMs),
          duration(joins.workMs),
          duration(joins.allMs),
          `${Math.round(joins.peakBytes / 1e6)} MB`,
        ]),
      ),
    );
  }
  console.log(describeMachine(made));
}
