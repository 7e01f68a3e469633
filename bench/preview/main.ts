/**
 * What it takes until a peer sees a key, with a long way to the server and a short one to the peer (README.md says more).
 *
 *   npm run bench -- preview [--json] [--lines alone,three,call] [--seconds 20]
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Op } from '@codesync/ot';
import { createRoom, signIn, startCodeSync } from '../lib/codesync.ts';
import { flags, pick } from '../lib/flags.ts';
import { describeMachine, machine } from '../lib/machine.ts';
import { processorMs } from '../lib/processor-time.ts';
import { median, quantile } from '../lib/stats.ts';
import { duration, table } from '../lib/table.ts';
import { lineTo } from './line.ts';
import { type Seat, sit, waysBetween } from './seat.ts';

const SERVER_ONE_WAY_MS = 40;
const PEER_ONE_WAY_MS = 2;
const KEYS_PER_SECOND = 6;
/** Each person writes with a letter of their own, in a line of their own. */
const LETTERS = ['A', 'B', 'C'];
const TYPISTS = { alone: 1, three: 3 };
/** Calls of the line `call`: their median is told, after as many that are not counted. */
const CALLS = 3_000;

const chosen = flags(['lines', 'seconds'], ['json']);
const lines = pick(chosen.lines, ['alone', 'three', 'call'], 'line');
const seconds = Number(chosen.seconds ?? 20);
const made = machine();

type Figures = {
  readonly line: string;
  readonly previews: boolean;
  /** Milliseconds from a key to its place in another's text, for each key and each other. */
  readonly seen: readonly number[];
  /** The same until it is in the text that the log has. */
  readonly logged: readonly number[];
  /** Operations that changed a text after a key was seen there, by more than what another key inserts. */
  readonly corrections: number;
  readonly keys: number;
};

const server = await startCodeSync({ CODESYNC_DOCKER: 'never' }, null);
const all: Figures[] = [];
for (const line of lines) {
  if (line === 'call') continue;
  for (const previews of [false, true]) {
    process.stderr.write(`${line}, ${previews ? 'with' : 'without'} previews\n`);
    all.push(await measure(line, TYPISTS[line], previews));
  }
}
const calls = lines.includes('call') ? await measureCalls() : [];
await server.stop();

if (chosen.json) console.log(JSON.stringify({ machine: made, figures: all, calls }, null, 2));
else {
  const rows = all.map(({ line, previews, seen, logged, corrections, keys }) => [
    `${line}, ${previews ? 'with' : 'without'} previews`,
    duration(quantile(seen, 0.5)),
    duration(quantile(seen, 0.95)),
    duration(quantile(seen, 0.99)),
    duration(quantile(logged, 0.5)),
    `${keys}`,
    `${corrections}`,
  ]);
  const header = ['a key is', 'seen, p50', 'p95', 'p99', 'in the log, p50', 'keys', 'corrected'];
  if (rows.length > 0) console.log(table(header, rows));
  if (calls.length > 0) console.log(`\n${table(['the call that takes a key', 'processor time'], calls)}`);
  console.log(`\n${describeMachine(made)}`);
}
process.exit(0);

async function seats(count: number, oneWayMs: number) {
  const { place } = server;
  const { room, secret } = await createRoom(place, 'python');
  const ways = await Promise.all(
    Array.from({ length: count }, async () => lineTo(place, await signIn(place), oneWayMs)),
  );
  const seats: Seat[] = [];
  for (const { url } of ways) seats.push(await sit(url, room, secret));
  const close = () => {
    for (const { source } of seats) source.close();
    for (const way of ways) way.close();
  };
  return { seats, close };
}

async function measure(line: string, typists: number, previews: boolean): Promise<Figures> {
  const { seats: people, close } = await seats(3, SERVER_ONE_WAY_MS);
  const [first] = people;
  first!.document.change([`${LETTERS.map(() => '.').join('\n')}\n`, -first!.document.text().length]);
  await first!.source.flush(10_000);
  await pause(1_000);
  if (previews) {
    const ways = waysBetween(
      people.map(({ client }) => client),
      PEER_ONE_WAY_MS,
    );
    for (const [i, { source }] of people.entries()) source.setPeers(ways[i]!);
  }

  const typedAt: number[][] = LETTERS.map(() => []);
  const [seen, logged]: [number[], number[]] = [[], []];
  let corrections = 0;
  const times = (text: string, letter: string) => text.split(letter).length - 1;
  for (const [reader, { document, source, file }] of people.entries()) {
    const watch = (text: () => string, delays: number[]) => {
      const had = LETTERS.map(() => 0);
      return () => {
        const now = performance.now();
        for (const [writer, letter] of LETTERS.entries()) {
          if (writer === reader) continue;
          const has = times(text(), letter);
          for (; had[writer]! < has; had[writer]!++) delays.push(now - typedAt[writer]![had[writer]!]!);
        }
      };
    };
    const onScreen = watch(document.text, seen);
    const inLog = watch(() => source.text(file)!, logged);
    document.onRemote((op: Op) => {
      if (op.some((part) => typeof part === 'number' && part < 0)) corrections++;
      onScreen();
    });
    source.onTexts(inLog);
  }

  let keys = 0;
  const typing = people.slice(0, typists).map(async ({ document }, writer) => {
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      await pause((2_000 * Math.random()) / KEYS_PER_SECOND);
      const text = document.text();
      // At the end of the own line, as one types.
      const at = text
        .split('\n')
        .slice(0, writer + 1)
        .join('\n').length;
      typedAt[writer]!.push(performance.now());
      keys++;
      document.edit([at, LETTERS[writer]!], false);
    }
  });
  await Promise.all(typing);
  await pause(2_000);
  const texts = people.map(({ document }) => document.text());
  if (new Set(texts).size > 1) throw new Error('the texts differ in the end');
  if (people.some(({ document }) => document.previewed().length > 0)) throw new Error('a preview is left');
  const typed = LETTERS.reduce((sum, letter) => sum + times(texts[0]!, letter), 0);
  if (typed !== keys || seen.length !== 2 * keys) throw new Error('a key was lost or doubled');
  close();
  return { line, previews, seen, logged, corrections, keys };
}

/** What the author's page spends on a key before the editor goes on. */
async function measureCalls(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const peers of [0, 1]) {
    const { seats: people, close } = await seats(2, 0);
    const [author, peer] = people;
    if (peers > 0) {
      const ways = waysBetween([author!.client, peer!.client], PEER_ONE_WAY_MS);
      author!.source.setPeers(ways[0]!);
      peer!.source.setPeers(ways[1]!);
    }
    const costs: number[] = [];
    for (let i = 0; i < 2 * CALLS; i++) {
      const before = processorMs();
      author!.document.edit([i % 40, 'k'], false);
      costs.push(processorMs() - before);
      if (i % 4 === 3) await pause(1);
    }
    const title = peers === 0 ? 'without a peer' : 'with one';
    rows.push([title, duration(median(costs.slice(CALLS)))]);
    close();
  }
  return rows;
}
