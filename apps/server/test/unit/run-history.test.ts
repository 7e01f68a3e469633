// What a room tells of its runs so far.
import { createHash } from 'node:crypto';
import { apply } from '@codesync/ot';
import { BlobHash, LIMITS, type RunAnswer, type RunQuestion } from '@codesync/protocol';
import { fileId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage } from '../support/actor.ts';
import type { FakeSeat } from '../support/fake-audience.ts';
import { EXIT_0 } from '../support/memory-runner.ts';

type Room = Awaited<ReturnType<Stage['room']>>;

const ask = async (room: Room, { seat }: FakeSeat, question: RunQuestion): Promise<RunAnswer> => {
  const { reply } = await room.runs(seat, question);
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.answer;
};

const listOf = (answer: RunAnswer) => {
  if (answer.kind !== 'runs') throw new Error(answer.kind);
  return answer;
};

/** A room with `count` runs: an edit comes before each, and each prints its number. */
async function roomWithRuns(count: number) {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const entry = fileOf(hana);
  let text = foldOf(hana).texts.get(entry)!.buffer.toString();
  const texts: string[] = [];
  let clientSeq = 0;
  for (let n = 0; n < count; n++) {
    const op = [`# ${n}\n`];
    text = apply(text, op);
    await stage.send(room, hana, ++clientSeq, { kind: 'edit', file: entry, base: n, op });
    await stage.send(room, hana, ++clientSeq, { kind: 'run.start', entry });
    texts.push(text);
    const { listener } = stage.runner.started[n]!;
    listener.phase('running');
    listener.output({ stream: 'stdout', text: `run ${n}\u0000\n` });
    listener.ended({ ...EXIT_0, exitCode: n % 2 });
    await settle();
  }
  return { stage, room, hana, entry, texts };
}

describe('the history of runs', () => {
  const COUNT = LIMITS.runsPerPage + LIMITS.runsKept;

  test('goes back to the first run, a page at a time, each run once with how it ended', async () => {
    const { room, hana, entry } = await roomWithRuns(COUNT);
    const newest = listOf(await ask(room, hana, { ask: 'runs', before: null }));
    const oldest = listOf(await ask(room, hana, { ask: 'runs', before: newest.runs.at(-1)!.seq }));
    expect([newest.runs.length, newest.more, oldest.more]).toEqual([LIMITS.runsPerPage, true, false]);
    const runs = [...newest.runs, ...oldest.runs].map(({ run }) => run);
    expect(runs.map(({ end }) => end?.exitCode)).toEqual(
      Array.from({ length: COUNT }, (_, i) => (COUNT - 1 - i) % 2),
    );
    expect(new Set(runs.map(({ id }) => id)).size).toBe(COUNT);
    expect(runs[0]).toMatchObject({
      by: HANA.id,
      entry,
      files: [{ path: 'main.py', version: COUNT }],
      output: [],
    });
  });

  test('has the output of every run, and the code that it ran', async () => {
    const { stage, room, hana, entry, texts } = await roomWithRuns(COUNT);
    await stage.clock.pass(LIMITS.keyframeMs);
    const pages = [listOf(await ask(room, hana, { ask: 'runs', before: null }))];
    pages.push(listOf(await ask(room, hana, { ask: 'runs', before: pages[0]!.runs.at(-1)!.seq })));
    const oldestFirst = pages.flatMap(({ runs }) => runs).reverse();
    for (const [n, { seq }] of oldestFirst.entries()) {
      expect(await ask(room, hana, { ask: 'run', seq })).toMatchObject({
        run: { output: [{ text: `run ${n}\u0000\n` }], outputDropped: false },
      });
      expect(await ask(room, hana, { ask: 'text', seq, file: entry })).toEqual({
        kind: 'text',
        text: texts[n],
      });
    }
  });

  test('tells which words are in what a run printed, a page at a time', async () => {
    const { room, hana } = await roomWithRuns(COUNT);
    const all: { seq: number; words: readonly string[] }[] = [];
    const words = ['RUN', 'run 7\u0000', 'run 1', 'nothing like it'];
    for (let before = Number.MAX_SAFE_INTEGER; ; before = all.at(-1)!.seq) {
      const answer = await ask(room, hana, { ask: 'words', before, words });
      if (answer.kind !== 'words') throw new Error(answer.kind);
      expect(answer.runs.length).toBeLessThanOrEqual(LIMITS.runsPerPage);
      if (answer.runs.length === 0) break;
      all.push(...answer.runs);
    }
    const newestFirst = Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i);
    expect(all.map((run) => run.words)).toEqual(
      newestFirst.map((n) => [
        'RUN',
        ...(n === 7 ? ['run 7\u0000'] : []),
        ...(/^1/.test(`${n}`) ? ['run 1'] : []),
      ]),
    );
  });

  test('searches no more for one answer than what it may read, and looks through colours', async () => {
    const { stage, room, hana, entry } = await roomWithRuns(0);
    for (let n = 0; n < 4; n++) {
      await stage.send(room, hana, n + 1, { kind: 'run.start', entry });
      const { listener } = stage.runner.started[n]!;
      listener.phase('running');
      for (let i = 0; i < 8; i++) listener.output({ stream: 'stdout', text: 'x'.repeat(60_000) });
      listener.output({ stream: 'stderr', text: `\u001b[1;31mEr\u001b[0mror ${n}` });
      listener.ended(EXIT_0);
      await settle();
    }
    const before = Number.MAX_SAFE_INTEGER;
    const { reply, units } = await room.runs(hana.seat, {
      ask: 'words',
      before,
      words: ['error 3', 'error 1'],
    });
    if (!reply.ok || reply.answer.kind !== 'words') throw new Error('no answer');
    expect(reply.answer.runs.map(({ words }) => words)).toEqual([['error 3'], [], ['error 1']]);
    expect(units).toBeGreaterThan(1_000_000);
    expect(units).toBeLessThan(1_600_000);
  });

  test('says which of the files that a run had were no text', async () => {
    const { stage, room, hana, entry } = await roomWithRuns(1);
    const body = Buffer.from([0x89, 0x50, 0]);
    const hash = BlobHash.parse(createHash('sha256').update(body).digest('hex'));
    await stage.blobs.put(room.id, { hash, bytes: 3 }, 0, body, async () => []);
    const logo = fileId('logo-file');
    await stage.send(room, hana, 3, { kind: 'file.upload', file: logo, path: 'logo.png', blob: hash });
    await stage.send(room, hana, 4, { kind: 'run.start', entry });
    await stage.send(room, hana, 5, { kind: 'file.delete', file: logo });
    const [run] = listOf(await ask(room, hana, { ask: 'runs', before: null })).runs;
    expect(await ask(room, hana, { ask: 'text', seq: run!.seq, file: logo })).toEqual({
      kind: 'binary',
      blob: { hash, bytes: 3 },
    });
  });

  test('is for who is in the room, viewers too, and refuses what is not there', async () => {
    const { stage, room, hana, entry } = await roomWithRuns(1);
    const gus = await stage.join(room, GUS, { link: 'viewer' });
    const [run] = listOf(await ask(room, gus, { ask: 'runs', before: null })).runs;
    const { seq } = run!;
    const refused = async (seat: FakeSeat, question: RunQuestion) => {
      const { reply } = await room.runs(seat.seat, question);
      return reply.ok ? 'told' : reply.error.code;
    };
    const head = await stage.head(room);
    for (const none of [0, seq - 1, seq + 1, head + 1, Number.MAX_SAFE_INTEGER]) {
      expect(await refused(gus, { ask: 'run', seq: none })).toBe('run.unlogged');
      expect(await refused(gus, { ask: 'text', seq: none, file: entry })).toBe('run.unlogged');
    }
    expect(await refused(gus, { ask: 'text', seq, file: fileId('file-none') })).toBe('file.unknown');
    room.leave(gus.seat);
    expect(await refused(gus, { ask: 'runs', before: null })).toBe('protocol.unjoined');
    stage.store.down = true;
    expect(await refused(hana, { ask: 'runs', before: null })).toBe('storage.unavailable');
    stage.store.down = false;
    expect(await refused(hana, { ask: 'runs', before: null })).toBe('told');
  });

  test('counts what was read for an answer: all of the room for one file of then', async () => {
    const { room, hana, stage, entry } = await roomWithRuns(1);
    const [run] = listOf(await ask(room, hana, { ask: 'runs', before: null })).runs;
    const file = fileId('file-long');
    const text = 'x'.repeat(500_000);
    await stage.send(room, hana, 9, { kind: 'file.create', file, path: 'long.txt', text });
    await stage.send(room, hana, 10, { kind: 'run.start', entry });
    const later = listOf(await ask(room, hana, { ask: 'runs', before: null })).runs[0]!;
    const unitsOf = async (seq: number) =>
      (await room.runs(hana.seat, { ask: 'text', seq, file: entry })).units;
    expect((await unitsOf(later.seq)) - (await unitsOf(run!.seq))).toBe(text.length);
    const { units } = await room.runs(hana.seat, { ask: 'run', seq: run!.seq });
    expect(units).toBeGreaterThan(0);
  });
});
