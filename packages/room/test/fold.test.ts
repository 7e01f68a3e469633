import { apply, type Op } from '@codesync/ot';
import { type EventBody, LIMITS, type RoomEvent } from '@codesync/protocol';
import { fileId, participantId, runId } from '@codesync/protocol/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { RoomFold, sortedFiles } from '../src/index.ts';
import { ENDED } from './support/rooms.ts';

/** Turns bodies into a log. */
function log(bodies: readonly EventBody[]): RoomEvent[] {
  return bodies.map((body, i) => ({ seq: i + 1, at: 1000 + i, actor: participantId('person_a'), body }));
}

function fold(events: readonly RoomEvent[], from = new RoomFold()): RoomFold {
  for (const event of events) from.apply(event);
  return from;
}

test('texts are the edits applied in order', () => {
  const ops: Op[] = [['ab'], [1, 'x'], [-1, 'q']];
  const bodies: EventBody[] = [
    { kind: 'file.created', file: fileId('file_one'), path: 'a.py', text: '' },
    ...ops.map((op, i): EventBody => ({ kind: 'edit', file: fileId('file_one'), version: i + 1, op })),
  ];
  const text = fold(log(bodies)).texts.get(fileId('file_one'))!;
  expect(text.version).toBe(3);
  expect(text.buffer.toString()).toBe(ops.reduce<string>(apply, ''));
});

describe('a damaged log is not folded', () => {
  test.each(['nap.taken', 'toString'])('a kind that no noun has: %s', (kind) => {
    const body = JSON.parse(JSON.stringify({ kind }));
    expect(() => fold(log([body]))).toThrow(`no noun folds events of kind "${kind}"`);
  });

  const created: EventBody = { kind: 'file.created', file: fileId('file_one'), path: 'a.py', text: 'abc' };
  test('a gap', () =>
    expect(() => fold(log([created]).map((e) => ({ ...e, seq: 2 })))).toThrow('cannot follow'));
  test('a skipped version', () =>
    expect(() =>
      fold(log([created, { kind: 'edit', file: fileId('file_one'), version: 2, op: ['x'] }])),
    ).toThrow('version 2'));
  test('an unknown file', () =>
    expect(() => fold(log([{ kind: 'edit', file: fileId('file_two'), version: 1, op: ['x'] }]))).toThrow(
      'unknown file',
    ));
});

test('members: leaving, coming back, roles, requests, removal', () => {
  const joined: EventBody = {
    kind: 'member.joined',
    participant: participantId('p'),
    name: 'Ada',
    hue: 3,
    role: 'viewer',
  };
  const at = (...bodies: EventBody[]) => fold(log([joined, ...bodies])).state.members.get(participantId('p'));
  expect(at()).toEqual({
    id: 'p',
    name: 'Ada',
    hue: 3,
    role: 'viewer',
    here: true,
    removed: false,
    asking: false,
  });
  expect(at({ kind: 'role.requested', participant: participantId('p') })?.asking).toBe(true);
  expect(
    at(
      { kind: 'role.requested', participant: participantId('p') },
      { kind: 'member.role', participant: participantId('p'), role: 'editor' },
    ),
  ).toMatchObject({ role: 'editor', asking: false });
  expect(at({ kind: 'member.left', participant: participantId('p') })?.here).toBe(false);
  expect(at({ kind: 'member.left', participant: participantId('p') }, joined)?.here).toBe(true);
  expect(at({ kind: 'member.removed', participant: participantId('p') })).toMatchObject({
    here: false,
    removed: true,
  });
  expect(
    at({ kind: 'member.updated', participant: participantId('p'), name: 'Grace', hue: 4 }),
  ).toMatchObject({
    name: 'Grace',
    hue: 4,
  });
  expect(at({ kind: 'member.role', participant: participantId('nobody'), role: 'host' })?.role).toBe(
    'viewer',
  );
});

describe('runs', () => {
  const started = (run: string): EventBody => ({
    kind: 'run.started',
    run: runId(run),
    language: 'python',
    entry: fileId('file_one'),
    files: [],
  });
  const output = (run: string, text: string, stream: 'stdout' | 'stderr' = 'stdout'): EventBody => ({
    kind: 'run.output',
    run: runId(run),
    stream,
    text,
  });

  test('streams stay apart and in order in one small piece', () => {
    const run = fold(
      log([
        started('run_1'),
        output('run_1', 'a'),
        output('run_1', 'b'),
        output('run_1', 'E', 'stderr'),
        output('run_1', 'c'),
      ]),
    ).state.runs.get(runId('run_1'))!;
    expect(run.output).toEqual([{ stream: 'stdout', text: 'abEc', turns: [2, 1, 1] }]);
    expect(run.phase).toBe('queued');
  });

  test('the end stands, with its reason, and phases after it change nothing', () => {
    const run = fold(
      log([
        started('run_1'),
        { kind: 'run.ended', run: runId('run_1'), ...ENDED, reason: 'memory' },
        { kind: 'run.phase', run: runId('run_1'), phase: 'running' },
      ]),
    ).state.runs.get(runId('run_1'))!;
    expect(run.phase).toBe('ended');
    expect(run.end?.reason).toBe('memory');
  });

  test('old runs leave, running ones stay, and output is bounded', () => {
    const bodies: EventBody[] = [started('run_live')];
    for (let i = 0; i < LIMITS.runsKept + 5; i++) {
      bodies.push(started(`run_${i}`), output(`run_${i}`, 'x'.repeat(300_000)), {
        kind: 'run.ended',
        run: runId(`run_${i}`),
        ...ENDED,
      });
    }
    bodies.push(started('run_last'));
    const { runs } = fold(log(bodies)).state;
    expect(runs.has(runId('run_live'))).toBe(true);
    expect(runs.has(runId('run_0'))).toBe(false);
    expect([...runs.keys()].at(-1)).toBe('run_last');
    const kept = [...runs.values()].reduce(
      (sum, run) => sum + run.output.reduce((n, piece) => n + piece.text.length, 0),
      0,
    );
    expect(kept).toBeLessThanOrEqual(LIMITS.runOutputKeptUnits);
    expect([...runs.values()].some((run) => run.outputDropped)).toBe(true);
  });
});

test('files are listed folders first, then by name', () => {
  const bodies = ['z.py', 'src/b.py', 'a.py', 'src/lib/c.py'].map(
    (path, i): EventBody => ({ kind: 'file.created', file: fileId(`file_${i}`), path, text: '' }),
  );
  expect(sortedFiles(fold(log(bodies)).state.files).map((file) => file.path)).toEqual([
    'src/lib/c.py',
    'src/b.py',
    'a.py',
    'z.py',
  ]);
});

test('files that come together are in the state whenever it is asked for, and cost one copy of it', () => {
  const created = (i: number): EventBody => ({
    kind: 'file.created',
    file: fileId(`file_${i}`),
    path: `src/${i}.py`,
    text: '',
  });
  const events = log([
    { kind: 'folder.created', path: 'src' },
    ...Array.from({ length: 300 }, (_, i) => created(i)),
    { kind: 'edit', file: fileId('file_299'), version: 1, op: ['x'] },
    { kind: 'file.renamed', file: fileId('file_0'), path: 'src/first.py' },
  ]);
  const asked = new RoomFold();
  for (const event of events) {
    asked.apply(event);
    expect(asked.state.files.size).toBe(Math.min(300, event.seq - 1));
  }
  const room = fold(events);
  expect(room.state).toEqual(asked.state);
  expect(room.toKeyframe()).toEqual(asked.toKeyframe());

  const maps = vi.spyOn(globalThis, 'Map');
  onTestFinished(() => maps.mockRestore());
  fold(events);
  expect(maps.mock.calls.length).toBeLessThan(20);
});

test('a keystroke leaves the state as it is, so that a page need not draw it again', () => {
  const events = log([
    { kind: 'file.created', file: fileId('file_one'), path: 'a.py', text: '' },
    { kind: 'edit', file: fileId('file_one'), version: 1, op: ['x'] },
  ]);
  const room = fold(events.slice(0, 1));
  const before = room.state;
  room.apply(events[1]!);
  expect(room.state).toBe(before);
});

describe('a deleted file', () => {
  const created = (file: string, text: string): EventBody => ({
    kind: 'file.created',
    file: fileId(file),
    path: `${file}.py`,
    text,
  });
  const deletedOf = (id: string, path: string, text: string) => ({ id: fileId(id), path, text, version: 0 });

  test('is kept as it was, and comes back at its version', () => {
    const events = log([
      created('a', 'one'),
      { kind: 'edit', file: fileId('a'), version: 1, op: [3, '!'] },
      { kind: 'file.deleted', file: fileId('a') },
    ]);
    const room = fold(events);
    expect(room.state.deleted.get(fileId('a'))).toMatchObject({
      ...deletedOf('a', 'a.py', 'one!'),
      version: 1,
    });
    const again = RoomFold.from(JSON.parse(JSON.stringify(room.toKeyframe())));
    expect(again.state).toEqual(room.state);

    again.apply({
      seq: 4,
      at: 5,
      actor: null,
      body: { kind: 'file.restored', file: fileId('a'), path: 'a.py', version: 1, text: 'one!' },
    });
    again.apply({
      seq: 5,
      at: 6,
      actor: null,
      body: { kind: 'edit', file: fileId('a'), version: 2, op: ['# '] },
    });
    expect(again.texts.get(fileId('a'))!.buffer.toString()).toBe('# one!');
    expect(again.state.deleted.size).toBe(0);
  });

  test('gives way to later ones, by number and by length', () => {
    const many = Array.from({ length: LIMITS.deletedKept + 3 }, (_, i) => `f${i}`);
    const room = fold(
      log(many.flatMap((file) => [created(file, ''), { kind: 'file.deleted', file }] as EventBody[])),
    );
    expect([...room.state.deleted.keys()]).toEqual(many.slice(3));

    const long = 'x'.repeat(LIMITS.deletedUnits - 1);
    const lengthy = fold(
      log(['a', 'b'].flatMap((file) => [created(file, long), { kind: 'file.deleted', file }] as EventBody[])),
    );
    expect([...lengthy.state.deleted.keys()]).toEqual(['b']);
  });
});
