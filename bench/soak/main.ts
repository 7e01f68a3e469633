/**
 * Twenty rooms that live, for minutes or hours, and whether anything grows (README.md says what the lines mean).
 *
 *   npm run bench -- soak [--minutes 60] [--rooms 20] [--seed 1] [--json] [--samples file]
 *
 * Ends with 1 when a law does not hold. `--samples` writes everything that was measured into a file, a line a sample.
 */
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '@codesync/ot/testing';
import { Language } from '@codesync/protocol';
import { flags } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { Chance } from './chance.ts';
import { judge, MEASURES } from './laws.ts';
import { Product } from './product.ts';
import { asJson, asText, type Results } from './results.ts';
import { SoakRoom } from './room.ts';
import { type Sample, takeSample } from './sample.ts';
import { readTruth } from './truth.ts';

const SAMPLE_MS = 5_000;
/** At rest, samples are taken one after the other. */
const REST_SAMPLES = 5;
const REST_SAMPLE_MS = 2_000;
/** A room leaves memory a minute after its last client; on a busy machine that takes a little longer. */
const REST_MS = 180_000;
/** The pool of sandboxes is full when there are as many containers in so many looks, a second apart. */
const FULL_LOOKS = 6;

const chosen = flags(['minutes', 'rooms', 'seed', 'samples'], ['json']);
const minutes = Number(chosen.minutes ?? 5);
const roomCount = Number(chosen.rooms ?? 20);
const seed = Number(chosen.seed ?? 1);
if (!(minutes > 0) || !(roomCount >= 1) || !Number.isInteger(seed)) {
  console.error('--minutes, --rooms and --seed are numbers above nothing');
  process.exit(1);
}

const made = machine();
const began = performance.now();
const troubles: string[] = [];
const product = await Product.start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void product.stop().finally(() => process.exit(130)));
}
// A replica that meets what it cannot fold has found something: that is told in the end, with all the rest.
const broken = new Set<string>();
process.on('uncaughtException', (error) => void broken.add(error.stack ?? error.message));

const rooms: SoakRoom[] = [];
const results = await soak().catch(async (error: unknown) => {
  console.error(error);
  await product.stop();
  process.exit(1);
});
console.log(chosen.json ? asJson(results) : asText(results));
process.exit(holds(results) ? 0 : 1);

async function soak(): Promise<Results> {
  say(`filling ${roomCount} rooms`);
  const random = new Random(seed);
  for (let n = 0; n < roomCount; n++) {
    const language = Language.options[n % Language.options.length]!;
    rooms.push(await SoakRoom.open(product.place, language, new Chance(random.below(2 ** 31))));
  }
  await Promise.all(rooms.map((room) => room.fill()));
  const before = await rest();

  say(`${minutes} minutes`);
  await Promise.all(rooms.map((room) => room.comeBack()));
  const load: Sample[] = [];
  const from = performance.now();
  const until = from + minutes * 60_000;
  const living = Promise.all(rooms.map((room) => room.live(until)));
  for (let next = from + SAMPLE_MS; next < until; next += SAMPLE_MS) {
    await pause(Math.max(0, next - performance.now()));
    await sampleInto(load);
  }
  await living;
  const secondsOfLoad = (performance.now() - from) / 1000;

  const after = await rest();
  say('reading the logs');
  await Promise.all(rooms.map((room) => room.comeBack()));
  const truth = await readTruth(product, rooms);
  for (const room of rooms) room.leave();
  const left = await product.stop();
  if (left !== null && left > 0) troubles.push(`${left} containers are left after the stop`);

  return {
    at: new Date(),
    machine: made,
    minutes,
    secondsOfLoad,
    seed,
    rooms: roomCount,
    counts: rooms.map(({ counts }) => counts),
    before,
    load,
    after,
    verdicts: MEASURES.map((measure) => judge(measure, before, load, after)),
    truth,
    troubles: [...troubles, ...broken],
  };
}

function holds({ verdicts, truth: { faults }, troubles: wrong }: Results): boolean {
  return verdicts.every((verdict) => verdict.holds) && faults.length + wrong.length === 0;
}

/** Everybody goes; resolves to samples of what is left once the rooms have left memory and the pool is full. */
async function rest(): Promise<Sample[]> {
  for (const room of rooms) room.leave();
  say('waiting until all is at rest');
  const deadline = performance.now() + REST_MS;
  let containers = 0;
  for (let same = 0; same < FULL_LOOKS; ) {
    const sample = await takeSample(product, began);
    same = sample.roomsHeld === 0 && sample.containers === containers ? same + 1 : 0;
    containers = sample.containers;
    if (performance.now() > deadline) {
      troubles.push(`no rest: ${sample.roomsHeld} rooms in memory, ${sample.containers} containers`);
      break;
    }
    await pause(1_000);
  }
  const samples: Sample[] = [];
  for (let n = 0; n < REST_SAMPLES; n++) {
    await sampleInto(samples);
    await pause(REST_SAMPLE_MS);
  }
  return samples;
}

async function sampleInto(samples: Sample[]): Promise<void> {
  try {
    const sample = await takeSample(product, began);
    samples.push(sample);
    if (chosen.samples !== undefined) fs.appendFileSync(chosen.samples, `${JSON.stringify(sample)}\n`);
  } catch (error) {
    troubles.push(`a sample could not be taken: ${error instanceof Error ? error.message : error}`);
  }
}

function say(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);
}
