import { LOST_RUN, type PastRun, type Run, type RunQuestion, type RunReply } from '@codesync/protocol';
import { fileId, runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { archiveOf } from '../../src/features/runs/archive.ts';

const PAGE = 3;

const runAt = (seq: number): PastRun => {
  const file = fileId('file-main');
  const run: Run = {
    id: runId(`run-${seq}`),
    language: 'python',
    entry: file,
    by: null,
    startedAt: seq,
    files: [{ file, path: 'main.py', version: seq }],
    phase: 'ended',
    end: LOST_RUN,
    output: [],
    outputDropped: true,
  };
  return { seq, run };
};

/** A server whose log has runs at `seqs`, and which refuses a question that comes while it answers another. */
function stage(seqs: readonly number[]) {
  const log = [...seqs];
  let asked = 0;
  let busy = false;
  const pastRuns = async (question: RunQuestion): Promise<RunReply | null> => {
    if (busy) throw new Error('two questions at once');
    busy = true;
    asked++;
    await Promise.resolve();
    busy = false;
    if (question.ask === 'text') return { ok: true, answer: { kind: 'text', text: `at ${question.seq}` } };
    if (question.ask === 'run') return { ok: true, answer: { kind: 'run', run: runAt(question.seq).run } };
    if (question.ask === 'words') {
      const { words } = question;
      // It reads one run at a time.
      const seq = log.filter((each) => each < question.before).at(-1)!;
      return { ok: true, answer: { kind: 'words', runs: [{ seq, words: words.slice(seq % 2) }] } };
    }
    const before = log.filter((seq) => seq < (question.before ?? Number.POSITIVE_INFINITY)).reverse();
    const runs = before.slice(0, PAGE).map(runAt);
    return { ok: true, answer: { kind: 'runs', runs, more: before.length > PAGE } };
  };
  const archive = archiveOf({ source: { pastRuns } } as unknown as Desk);
  const shown = () => archive.state.getState().runs.map(({ seq }) => seq);
  return { log, archive, shown, asked: () => asked };
}

describe('the archive of runs', () => {
  test('goes back page by page, asks one thing at a time, and says when there is no more', async () => {
    const { archive, shown } = stage([1, 2, 3, 4, 5, 6, 7]);
    await Promise.all([archive.refresh(), archive.older(), archive.older()]);
    expect(shown()).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(archive.state.getState()).toMatchObject({ more: false, busy: false, problem: null });
  });

  test('gathers which words the runs have printed, until others are sought', async () => {
    const { archive } = stage([1, 2, 3]);
    const printed = () => Object.fromEntries(archive.state.getState().printed);
    await archive.search(['apple', 'pear'], 3);
    await archive.search(['apple', 'pear'], 2);
    expect(printed()).toEqual({ 3: ['pear'], 2: ['apple', 'pear'] });
    await archive.search(['plum'], 2);
    expect(printed()).toEqual({ 2: ['plum'] });
  });

  test('takes in new runs and keeps the old ones, unless so many came that some are not known', async () => {
    const { log, archive, shown } = stage([1, 2, 3, 4]);
    await archive.refresh();
    await archive.older();
    log.push(5, 6);
    await archive.refresh();
    expect(shown()).toEqual([6, 5, 4, 3, 2, 1]);
    log.push(7, 8, 9, 10);
    await archive.refresh();
    expect(shown()).toEqual([10, 9, 8]);
    await archive.older();
    expect(shown()).toEqual([10, 9, 8, 7, 6, 5]);
  });

  test('asks for an ended run once', async () => {
    const { archive, asked } = stage([1]);
    await Promise.all([archive.whole(1), archive.whole(1)]);
    await archive.whole(1);
    expect(asked()).toBe(1);
    expect(await archive.content(1, fileId('file-main'))).toBe('at 1');
  });
});
