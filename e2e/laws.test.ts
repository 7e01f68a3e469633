/** The check of the crash tests can fail: each law, broken by hand, is told by its name. */
import type { RoomEvent, RunEnd } from '@codesync/protocol';
import { clientId, fileId, participantId, runId } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import {
  brokenCounts,
  brokenInLog,
  brokenPromises,
  brokenRuns,
  brokenTexts,
  type Party,
} from './harness/laws.ts';
import { untrue } from './harness/page-watch.ts';
import { FENCE } from './harness/typist.ts';
import type { Glance } from './pages/room-page.ts';

const HANA = participantId('hana-hana-hana-hana');
const END: RunEnd = {
  reason: 'exit',
  exitCode: 0,
  signal: null,
  wallMs: 1,
  cpuMs: 1,
  peakBytes: 1,
  truncated: { stdout: 0, stderr: 0 },
};

function event(seq: number, body: RoomEvent['body'], clientSeq?: number): RoomEvent {
  const origin =
    clientSeq === undefined ? {} : { origin: { client: clientId('client-of-hana-xxxxx'), clientSeq } };
  return { seq, at: 1_000 + seq, actor: HANA, ...origin, body };
}

const EVENTS: readonly RoomEvent[] = [
  event(1, { kind: 'room.created', name: 'Untitled', language: 'python' }),
  event(2, { kind: 'member.joined', participant: HANA, name: 'Hana', hue: 1, role: 'host' }),
  event(3, { kind: 'file.created', file: fileId('a-file-a-file-a-file'), path: 'main.py', text: '' }),
  event(4, { kind: 'edit', file: fileId('a-file-a-file-a-file'), version: 1, op: ['one '] }, 1),
  event(5, { kind: 'edit', file: fileId('a-file-a-file-a-file'), version: 2, op: [4, 'two '] }, 2),
];

function folded(events: readonly RoomEvent[]): RoomFold {
  const fold = new RoomFold();
  for (const each of events) fold.apply(each);
  return fold;
}

function party(over: Partial<Party> = {}): Party {
  return { name: 'Hana', isSaved: () => true, text: () => 'one two ', typed: ['one', 'two'], ...over };
}

describe('[INV1] the log by itself', () => {
  const keyframes = [folded(EVENTS.slice(0, 4)).toKeyframe()];

  test('a good one is good', () => {
    expect(brokenInLog({ head: 5, events: EVENTS, keyframes })).toEqual([]);
  });

  test('a gap', () => {
    const events = EVENTS.toSpliced(3, 1);
    expect(brokenInLog({ head: 5, events, keyframes: [] }).join()).toMatch(/has seq 5.*head is 5.*be folded/);
  });

  test('an event beyond the head', () => {
    expect(brokenInLog({ head: 4, events: EVENTS, keyframes }).join()).toMatch(/head is 4/);
  });

  test('[INV3] a version twice, a command twice', () => {
    const again = event(6, { kind: 'edit', file: fileId('a-file-a-file-a-file'), version: 2, op: ['x'] }, 2);
    const broken = brokenInLog({ head: 6, events: [...EVENTS, again], keyframes });
    expect(broken.join()).toMatch(/in the log twice.*makes version 2/);
  });

  test('[INV5] a keyframe that is not the fold, and one of the future', () => {
    const [good] = keyframes as [(typeof keyframes)[number]];
    const other = { ...good, name: 'Other' };
    expect(brokenInLog({ head: 5, events: EVENTS, keyframes: [other] })).toHaveLength(1);
    expect(brokenInLog({ head: 5, events: EVENTS, keyframes: [{ ...good, seq: 9 }] })).toHaveLength(1);
  });
});

describe('runs', () => {
  const started = event(6, {
    kind: 'run.started',
    run: runId('run-1'),
    language: 'python',
    entry: fileId('a-file-a-file-a-file'),
    files: [],
  });
  const ended = (seq: number) => event(seq, { kind: 'run.ended', run: runId('run-1'), ...END });

  test('one that ends once is good', () => {
    expect(brokenRuns([started, ended(7)])).toEqual([]);
  });

  test('[INV9] no end, two ends, an end without a start, words after the end', () => {
    const late = event(8, { kind: 'run.output', run: runId('run-1'), stream: 'stdout', text: 'late' });
    expect(brokenRuns([started])).toHaveLength(1);
    expect(brokenRuns([started, ended(7), ended(8)])).toHaveLength(1);
    expect(brokenRuns([ended(7)])).toHaveLength(1);
    expect(brokenRuns([started, ended(7), late])).toHaveLength(1);
  });
});

describe('a program that counts', () => {
  const entry = fileId('b-file-b-file-b-file');
  const counted = (...texts: readonly string[]) => [
    event(6, {
      kind: 'run.started',
      run: runId('run-1'),
      language: 'python',
      entry,
      files: [{ file: entry, path: 'endless.py', version: 0 }],
    }),
    ...texts.map((text, i) =>
      event(7 + i, { kind: 'run.output', run: runId('run-1'), stream: 'stdout', text }),
    ),
  ];

  test('in pieces of any size, and with a last line that its end has cut off, is good', () => {
    expect(brokenCounts(counted(), 'endless.py')).toEqual([]);
    expect(brokenCounts(counted('ti', 'ck 0\ntick', ' 1\ntick 2\nti'), 'endless.py')).toEqual([]);
    expect(brokenCounts(counted('something else\n'), 'other.py')).toEqual([]);
  });

  test.each([
    ['missing', 'tick 0\ntick 2\n'],
    ['torn', 'tick 0\ntick\ntick 2\n'],
    ['there twice', 'tick 0\ntick 0\ntick 1\n'],
    ['the first and not there', 'tick 1\n'],
  ])('a number that is %s', (_what, text) => {
    expect(brokenCounts(counted(text), 'endless.py')).toHaveLength(1);
  });
});

describe('promises', () => {
  const heard = [EVENTS[4]!];
  const acknowledged = { client: clientId('client-of-hana-xxxxx'), numbers: new Set([1, 2]) };

  test('kept', () => {
    expect(brokenPromises(EVENTS, [party({ heard, acknowledged })])).toEqual([]);
  });

  test('[INV2] an acknowledged command, or an event that was told, is gone or another', () => {
    const lost = EVENTS.slice(0, 4);
    expect(brokenPromises(lost, [party({ acknowledged })])).toHaveLength(1);
    expect(brokenPromises(lost, [party({ heard })])).toHaveLength(1);
    expect(brokenPromises(EVENTS, [party({ heard: [{ ...EVENTS[4]!, at: 1 }] })])).toHaveLength(1);
  });
});

describe('what a page says', () => {
  const said = (save: string, text: string): Glance => {
    return { save, text: `${text}\n${FENCE}of others`, saveDetail: '', connection: 'online', notices: [] };
  };

  test('“Saved” is true of what the log has, even if it has more by now', () => {
    expect(untrue(said('Saved', 'Ada0 Ada1'), `Ada0 Ada1\n${FENCE}`)).toBeNull();
    expect(untrue(said('Saved', 'Ada0'), `Ada0\nAda1\n${FENCE}`)).toBeNull();
    expect(untrue(said('Saved', 'Ada0 '), `Ada0 A\n${FENCE}`)).toBeNull();
  });

  test('“Saved” of a key that the log does not have is a lie; “Saving…” is none', () => {
    expect(untrue(said('Saved', 'Ada0 Ada1'), `Ada0 Ada\n${FENCE}`)).toContain('Ada1');
    expect(untrue(said('Saved', 'Ada0 A'), `Ada0 \n${FENCE}`)).toContain('Ada0 A');
    expect(untrue(said('Saving…', 'Ada0 Ada1'), `Ada0 Ada\n${FENCE}`)).toBeNull();
  });
});

describe('texts', () => {
  test('equal, each word once', () => {
    expect(brokenTexts('one two\n', [party()], ['one two '])).toEqual([]);
  });

  test('another text, a word lost, doubled, torn, or back again', () => {
    expect(brokenTexts('one two', [party()], ['one'])).toHaveLength(1);
    expect(brokenTexts('one', [party()], ['one'])).toHaveLength(1);
    expect(brokenTexts('one two two', [party()], ['one two two'])).toHaveLength(1);
    expect(brokenTexts('one t wo', [party()], ['one t wo'])).toHaveLength(1);
    expect(brokenTexts('one two', [party({ erased: ['one'] })], ['one two'])).toHaveLength(1);
  });
});
