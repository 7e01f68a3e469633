/**
 * What no crash may break, as one check for all crash tests: everybody's word against the log in PostgreSQL.
 *
 * - The log is dense: seq 1, 2, 3 … to the room's head, the versions of each file likewise, no command twice.
 * - It folds, every keyframe is the fold up to its seq, and whoever was told an event was told what the log has.
 * - Every command that was acknowledged is in it.
 * - All who are in the room have the same text, and it is the fold's.
 * - Every word that somebody typed is in the text once, and none that was taken out again.
 * - Every run that started ended, once, and nothing of it comes after its end.
 * - Of a program that counts, every number that it came to is there once, in order.
 */
import { isDeepStrictEqual } from 'node:util';
import { type RoomEvent, type RunId, streamText } from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import type { Database, StoredLog } from './database.ts';
import { eventually } from './eventually.ts';

/** Somebody in the room, and what they are to be held to. */
export type Party = {
  readonly name: string;
  /** Whether they are told that all they typed is saved. */
  isSaved(): boolean | Promise<boolean>;
  /** The file as they see it; blanks at its end are not compared. */
  text(): string | Promise<string>;
  /** Unique words, each typed once, with blanks around them. */
  readonly typed: readonly string[];
  /** Those of `typed` that they took out again. */
  readonly erased?: readonly string[];
  /** Every event that they were told of, as often as they were told. */
  readonly heard?: readonly RoomEvent[];
  /** Their commands that they were told to be in the log. */
  readonly acknowledged?: { readonly client: string; readonly numbers: ReadonlySet<number> };
};

export type Gathering = {
  readonly database: Database;
  readonly room: string;
  readonly parties: readonly Party[];
  /** The file that they type in. */
  readonly path?: string;
  /** A program that prints `tick 0`, `tick 1` and so on, a line each. */
  readonly counting?: string;
  /** For everybody to be told and to have caught up. */
  readonly timeoutMs?: number;
};

/**
 * Waits until everybody is told that all is saved, all runs have ended and all have the text of the log; then throws
 * an error with every law that is broken, or returns the log.
 */
export async function expectLaws({
  database,
  room,
  parties,
  path = 'main.py',
  counting,
  timeoutMs = 60_000,
}: Gathering): Promise<StoredLog> {
  let log: StoredLog | null = null;
  let broken: string[] = [];
  const lawful = async (): Promise<boolean> => {
    const saved = await Promise.all(parties.map((party) => party.isSaved()));
    const texts = await Promise.all(parties.map((party) => party.text()));
    log = await database.log(room);
    broken = [
      ...parties.filter((_, i) => !saved[i]).map(({ name }) => `${name} is not told that all is saved`),
      ...brokenInLog(log),
      ...brokenRuns(log.events),
      ...(counting === undefined ? [] : brokenCounts(log.events, counting)),
      ...brokenPromises(log.events, parties),
      ...brokenTexts(textOf(log.events, path), parties, texts),
    ];
    return broken.length === 0;
  };
  await eventually('the laws hold', lawful, () => broken.slice(0, 30).join('\n'), timeoutMs);
  return log!;
}

/** What is wrong with the log by itself. */
export function brokenInLog({ head, events, keyframes }: StoredLog): string[] {
  const broken: string[] = [];
  const origins = new Set<string>();
  events.forEach(({ seq, origin }, i) => {
    if (seq !== i + 1) broken.push(`event ${i + 1} of the log has seq ${seq}`);
    if (origin === undefined) return;
    const key = `${origin.client} ${origin.clientSeq}`;
    if (origins.has(key)) broken.push(`command ${key} is in the log twice`);
    origins.add(key);
  });
  if (events.length !== head) broken.push(`the room's head is ${head}, its log has ${events.length} events`);
  const fold = new RoomFold();
  try {
    for (const event of events) {
      // The fold takes a file's next version only.
      fold.apply(event);
      const keyframe = keyframes.find(({ seq }) => seq === fold.seq);
      if (keyframe !== undefined && !isDeepStrictEqual(keyframe, asJson(fold.toKeyframe()))) {
        broken.push(`the keyframe at ${fold.seq} is not the log folded up to there`);
      }
    }
  } catch (error) {
    broken.push(`the log cannot be folded: ${String(error)}`);
  }
  for (const { seq } of keyframes)
    if (seq > head) broken.push(`a keyframe at ${seq}, beyond the head ${head}`);
  return broken;
}

/** Runs that did not end exactly once, or of which something is told after their end. */
export function brokenRuns(events: readonly RoomEvent[]): string[] {
  const broken: string[] = [];
  const runs = new Map<RunId, 'going' | 'ended'>();
  for (const { seq, body } of events) {
    if (!('run' in body)) continue;
    const state = runs.get(body.run);
    if (body.kind === 'run.started') {
      if (state !== undefined) broken.push(`run ${body.run} starts again at ${seq}`);
      runs.set(body.run, 'going');
    } else {
      if (state !== 'going')
        broken.push(`${body.kind} at ${seq} of run ${body.run}, which is ${state ?? 'unknown'}`);
      if (body.kind === 'run.ended') runs.set(body.run, 'ended');
    }
  }
  for (const [run, state] of runs) if (state === 'going') broken.push(`run ${run} has no end`);
  return broken;
}

/** Runs of a program that counts in which a number is missing, torn, doubled or out of order. */
export function brokenCounts(events: readonly RoomEvent[], path: string): string[] {
  return events.flatMap(({ body }) => {
    if (body.kind !== 'run.started') return [];
    if (body.files.find(({ file }) => file === body.entry)?.path !== path) return [];
    // Its end may have cut the last line off.
    const lines = outputOf(events, body.run).split('\n').slice(0, -1);
    const wrong = lines.findIndex((line, n) => line !== `tick ${n}`);
    return wrong === -1 ? [] : [`line ${wrong} of what run ${body.run} counted is “${lines[wrong]}”`];
  });
}

/** What a run has printed after these events. */
export function outputOf(events: readonly RoomEvent[], run: RunId): string {
  return events
    .map(({ body }) => (body.kind === 'run.output' && body.run === run ? streamText(body, 'stdout') : ''))
    .join('');
}

/** What somebody was told and the log does not have. */
export function brokenPromises(events: readonly RoomEvent[], parties: readonly Party[]): string[] {
  const origins = new Set(
    events.map(({ origin }) => (origin === undefined ? '' : `${origin.client} ${origin.clientSeq}`)),
  );
  return parties.flatMap(({ name, heard = [], acknowledged }) => {
    const broken: string[] = [];
    for (const event of heard) {
      if (!isDeepStrictEqual(event, events[event.seq - 1])) {
        broken.push(`${name} was told of an event ${event.seq} that is not the log's: ${event.body.kind}`);
      }
    }
    for (const number of acknowledged?.numbers ?? []) {
      if (!origins.has(`${acknowledged!.client} ${number}`)) {
        broken.push(`command ${number} of ${name} was acknowledged and is not in the log`);
      }
    }
    return broken;
  });
}

/** Where somebody's text is not the log's, or a word is missing, doubled, torn, or there again. */
export function brokenTexts(text: string, parties: readonly Party[], texts: readonly string[]): string[] {
  const broken: string[] = [];
  const counts = wordsOf(text);
  parties.forEach(({ name, typed, erased = [] }, i) => {
    const difference = firstDifference(texts[i]!.trimEnd(), text.trimEnd());
    if (difference !== null) broken.push(`${name} has another text than the log: ${difference}`);
    const gone = new Set(erased);
    for (const word of new Set(typed)) {
      const expected = gone.has(word) ? 0 : 1;
      const count = counts.get(word) ?? 0;
      if (count !== expected)
        broken.push(`${word}, typed by ${name}, is there ${count} times, not ${expected}`);
    }
  });
  return broken;
}

function firstDifference(text: string, logged: string): string | null {
  if (text === logged) return null;
  let at = 0;
  while (at < text.length && text[at] === logged[at]) at++;
  const around = (whole: string) => JSON.stringify(whole.slice(Math.max(0, at - 20), at + 20));
  return `at ${at} of ${text.length} and ${logged.length} ${around(text)}, in the log ${around(logged)}`;
}

/** How often each word is in a text; words are what blanks part. */
function wordsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.split(/\s+/)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The text of a file after these events of a room. */
function textOf(events: readonly RoomEvent[], path: string): string {
  const fold = new RoomFold();
  for (const event of events) fold.apply(event);
  const file = [...fold.state.files.values()].find((entry) => entry.path === path);
  if (file === undefined) throw new Error(`no file ${path} in the room`);
  return fold.texts.get(file.id)!.buffer.toString();
}

function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
