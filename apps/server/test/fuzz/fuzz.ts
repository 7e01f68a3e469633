// Goes at a server for a while, with honest people in it, and reports what happened.
import { setTimeout as delay } from 'node:timers/promises';
import type { RoomFold } from '@codesync/room';
import type { Tab } from '../support/client.ts';
import type { Input } from './input.ts';
import { EDIT_FRAME_INPUTS } from './inputs/edit-frames.ts';
import { type Crowd, crowd, FLOOD_INPUTS } from './inputs/floods.ts';
import { FRAME_INPUTS } from './inputs/frames.ts';
import { HTTP_INPUTS } from './inputs/http.ts';
import { LANE_INPUTS } from './inputs/lanes.ts';
import { MESSAGE_INPUTS } from './inputs/messages.ts';
import { POLLING_INPUTS } from './inputs/polling.ts';
import { QUESTION_INPUTS } from './inputs/questions.ts';
import { ROLE_INPUTS } from './inputs/roles.ts';
import { Judge } from './judge.ts';
import { foldLogs } from './laws.ts';
import { Random } from './random.ts';
import { isIn, Scene } from './scene.ts';
import type { MemoryReply } from './server-process.ts';
import type { Target } from './target.ts';

const INPUTS: readonly Input[] = [
  ...HTTP_INPUTS,
  ...FRAME_INPUTS,
  ...MESSAGE_INPUTS,
  ...LANE_INPUTS,
  ...QUESTION_INPUTS,
  ...EDIT_FRAME_INPUTS,
  ...POLLING_INPUTS,
  ...ROLE_INPUTS,
  ...FLOOD_INPUTS,
];
/** What each worker does. Floods take seconds, and would leave little time for the rest; HTTP mostly waits. */
const WORKERS: readonly (readonly Input[])[] = [
  ...Array.from({ length: 6 }, () => HTTP_INPUTS),
  ...Array.from({ length: 4 }, () => FRAME_INPUTS),
  ...Array.from({ length: 2 }, () => [...MESSAGE_INPUTS, ...LANE_INPUTS, ...QUESTION_INPUTS]),
  EDIT_FRAME_INPUTS,
  POLLING_INPUTS,
  ...Array.from({ length: 2 }, () => [...MESSAGE_INPUTS, ...LANE_INPUTS, ...QUESTION_INPUTS, ...ROLE_INPUTS]),
  FLOOD_INPUTS,
];

/** Connections of the crowd that comes once, from one address. */
const CROWD = 1_000;
/** One input may take this long; more means that the server has left something unanswered. */
const INPUT_MS = 60_000;
const SAVED_MS = 60_000;
/** What is not let in once may have met somebody else's limit; not so often. */
const TRIES = 10;

export type Report = {
  readonly seed: number;
  readonly seconds: number;
  readonly breaches: readonly string[];
  /** Things sent, of every kind that was wanted, and how often one of that kind was not let in. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly turnedAway: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  /** Null when only some inputs were wanted. */
  readonly crowd: Crowd | null;
  readonly wordsTyped: number;
  /** The longest that an honest person waited for a word to be saved, in ms: on a busy machine for the machine as well. */
  readonly slowestWord: number;
  /**
   * The most that the server did from one word of an honest person until their next was saved, in ms of its thread's
   * processor time: what others had it do first, however busy the machine is.
   */
  readonly workBeforeWord: number;
  readonly memory: Readonly<Record<'before' | 'after', MemoryReply>>;
};

/** One of `INPUTS` by its weight. */
function choose(random: Random, inputs: readonly Input[]): Input {
  let at = random.below(inputs.reduce((sum, { weight }) => sum + weight, 0));
  for (const input of inputs) {
    at -= input.weight;
    if (at < 0) return input;
  }
  throw new Error('there are no inputs');
}

/** Tries an input until it was let in once. */
async function carryOut(scene: Scene, seed: number, input: Input): Promise<void> {
  for (let n = 0; n < TRIES; n++) {
    const sent = await input.run(scene, Random.of(seed, `${input.kind} ${n}`));
    scene.cast.judge.input(input.kind, sent);
    if (sent > 0) return;
  }
  scene.cast.judge.breach(`${input.kind}: not let in ${TRIES} times, with hardly anybody there`);
}

/** Goes on with one input after the other. Its `n`th is made from the seed, the worker and `n` alone. */
async function worker(
  scene: Scene,
  seed: number,
  number: number,
  inputs: readonly Input[],
  stop: () => boolean,
) {
  for (let n = 0; !stop(); n++) {
    const random = Random.of(seed, `${number}.${n}`);
    const input = choose(random, inputs);
    const name = `${input.kind}, SEED=${seed}, input ${number}.${n}`;
    try {
      const sent = await Promise.race([input.run(scene, random), delay(INPUT_MS, null, { ref: false })]);
      if (sent === null) scene.cast.judge.breach(`${name}: not over after ${INPUT_MS} ms`);
      else scene.cast.judge.input(input.kind, sent);
    } catch (error) {
      scene.cast.judge.breach(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}

/** Types words in the room's first file until that is over, or until it has no room any more. */
async function typeWords(tab: Tab, target: Target, over: Promise<void>) {
  let stopped = false;
  const stop = over.then(() => {
    stopped = true;
  });
  let words = 0;
  let slowest = 0;
  let mostWork = 0;
  let workedBefore = (await target.ask('worked')) ?? 0;
  while (!stopped) {
    const from = performance.now();
    tab.type(`w${words++} `);
    await Promise.race([tab.saved(), tab.until(() => !isIn(tab)), stop]);
    const savedAt = performance.now();
    const worked = await target.ask('worked');
    if (!isIn(tab) || worked === null) break;
    slowest = Math.max(slowest, savedAt - from);
    mostWork = Math.max(mostWork, worked - workedBefore);
    workedBefore = worked;
    await delay(50);
  }
  return { words, slowest, mostWork };
}

/**
 * The logs, read when every honest person had heard all of them: hostile people are told as gone a while after their
 * last connection, in the middle of a reading too. Gives the last reading if they do not come to agree.
 */
async function settledLogs(scene: Scene, target: Target, judge: Judge) {
  const until = performance.now() + SAVED_MS;
  for (;;) {
    const folds = await foldLogs(target.postgres, judge);
    const headOf = (tab: Tab) => folds.get(tab.room!)!.seq;
    const heard = Promise.all(scene.present.map((tab) => tab.until(() => tab.fold.seq >= headOf(tab))));
    await Promise.race([heard, delay(SAVED_MS, null, { ref: false })]);
    const agreed = scene.present.every((tab) => tab.fold.seq === headOf(tab));
    if (agreed || performance.now() > until) return folds;
  }
}

/** Honest people were left alone: still connected, everything saved, equal to each other and to the log. */
async function checkHonest(scene: Scene, folds: ReadonlyMap<string, RoomFold>): Promise<void> {
  const { judge } = scene.cast;
  for (const tab of scene.honest) {
    const name = tab.person.participant.name.slice(0, 6);
    if (!tab.socket.connected) judge.breach(`${name} was disconnected`);
    if (tab.resyncs > 0) judge.breach(`${name} lost its room, and was told to come again`);
    if (tab.dismissed !== null) judge.breach(`${name} was dismissed: ${tab.dismissed.code}`);
    const told = tab.refusals
      .map(({ error }) => error.code)
      .filter((code) => !/^member\.unknown$/.test(code));
    if (told.length > 0) judge.breach(`${name} was refused: ${[...new Set(told)].join(', ')}`);
    const folded = folds.get(tab.room!)!;
    if (tab.fold.seq !== folded.seq) judge.breach(`${name} is at ${tab.fold.seq}, the log at ${folded.seq}`);
    for (const [file, text] of folded.texts) {
      if (tab.text(file) !== text.buffer.toString()) judge.breach(`${name} has another text of ${file}`);
    }
    const [mine, logged] = [tab.fold, folded].map((fold) => JSON.stringify(fold.toKeyframe()));
    if (mine !== logged) judge.breach(`${name} has another room than the log`);
  }
}

/** What a newcomer is told of a room is what its log says. */
async function checkLive(scene: Scene, folds: ReadonlyMap<string, RoomFold>): Promise<void> {
  for (const tab of scene.present) {
    const witness = tab.person.tab();
    await witness.join(tab.room!);
    const folded = folds.get(tab.room!)!;
    const [mine, logged] = [witness.fold, folded].map((fold) => JSON.stringify(fold.toKeyframe().files));
    if (mine !== logged) scene.cast.judge.breach(`the live room ${tab.room} is not its log`);
    witness.disconnect();
  }
}

export type FuzzOptions = {
  readonly seed: number;
  readonly seconds: number;
  /** Only inputs whose kind contains it; empty for all. */
  readonly only: string;
};

export async function fuzz(target: Target, { seed, seconds, only }: FuzzOptions): Promise<Report> {
  const judge = new Judge();
  const scene = await Scene.set(target.address, target.secret, judge);
  const inputs = INPUTS.filter(({ kind }) => kind.includes(only));
  // What is loaded and compiled on first use is no growth: every kind of input comes in before memory is looked at.
  for (const input of inputs) await carryOut(scene, seed, input);
  const before = await target.ask('memory');
  if (before === null)
    throw new Error(`the server ended with ${target.ended()}: ${judge.breaches.join(', ')}`);

  const until = performance.now() + seconds * 1_000;
  const stop = () => performance.now() > until || target.ended() !== null;
  const over = Promise.race([
    delay(seconds * 1_000, undefined, { ref: false }),
    target.end.then(() => undefined),
  ]);
  const typing = scene.honest.map((tab) => typeWords(tab, target, over));
  const working = WORKERS.map((all, i) => {
    const wanted = all.filter((input) => inputs.includes(input));
    return wanted.length === 0 ? undefined : worker(scene, seed, i, wanted, stop);
  });
  const crowded = only === '' ? await crowd(scene, Random.of(seed, 'crowd'), CROWD) : null;
  await Promise.all(working);
  const typed = await Promise.all(typing);
  if (target.ended() !== null) judge.breach(`the server ended with ${target.ended()}`);
  else {
    const saved = Promise.all(scene.present.map((tab) => tab.saved())).then(() => true);
    if (!(await Promise.race([saved, delay(SAVED_MS, false, { ref: false })]))) {
      judge.breach('what honest people typed was not saved');
    }
    // A last event in each room, so that everyone has heard all when they have heard it.
    for (const tab of scene.present)
      await tab.ask({ kind: 'member.update', name: tab.person.participant.name, hue: 1 });
    const heads = new Map<string, number>();
    for (const tab of scene.present) heads.set(tab.room!, Math.max(heads.get(tab.room!) ?? 0, tab.fold.seq));
    await Promise.all(scene.present.map((tab) => tab.until(() => tab.fold.seq >= heads.get(tab.room!)!)));
    const folds = await settledLogs(scene, target, judge);
    await checkHonest(scene, folds);
    await checkLive(scene, folds);
  }
  for (const fault of target.faults()) judge.breach(`the server logged: ${fault}`);
  scene.leave();
  return {
    seed,
    seconds,
    breaches: judge.breaches,
    inputs: Object.fromEntries(inputs.map(({ kind }) => [kind, judge.inputs.get(kind) ?? 0])),
    turnedAway: Object.fromEntries(judge.turnedAway),
    refusals: Object.fromEntries([...judge.refusals].toSorted(([, a], [, b]) => b - a)),
    crowd: crowded,
    wordsTyped: typed.reduce((sum, { words }) => sum + words, 0),
    slowestWord: Math.max(...typed.map(({ slowest }) => slowest)),
    workBeforeWord: Math.max(...typed.map(({ mostWork }) => mostWork)),
    memory: { before, after: (await target.ask('memory')) ?? before },
  };
}
