import { LIMITS, type RoomEvent, stretchesOf } from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import { EXIT_0, type FakeSeat, GUS, HANA, Stage } from '../support/actor.ts';
import { settle } from '../support/fake-clock.ts';

function fileOf(seat: FakeSeat): string {
  const { state } = seat.welcomed!;
  if (state.kind !== 'keyframe') throw new Error('joined by events');
  return state.keyframe.files[0]!.id;
}

function foldOf(seat: FakeSeat): RoomFold {
  const { state } = seat.welcomed!;
  if (state.kind !== 'keyframe') throw new Error('joined by events');
  const fold = RoomFold.from(structuredClone(state.keyframe));
  for (const event of seat.heard) if (event.seq > fold.seq) fold.apply(event);
  return fold;
}

function texts(fold: RoomFold): string[] {
  return [...fold.texts.values()].map(({ buffer }) => buffer.toString());
}

describe('telling', () => {
  test('nobody hears of an edit before it is durable', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    let release: () => void = () => undefined;
    stage.store.gate = new Promise((resolve) => {
      release = resolve;
    });
    room.command(hana, { clientSeq: 1, body: { kind: 'edit', file: fileOf(hana), base: 0, op: ['x'] } });
    await settle();
    expect(hana.kinds).not.toContain('edit');
    release();
    await settle();
    expect(hana.kinds).toContain('edit');
  });

  test('who joins while an edit is being written hears of it exactly once, in order', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    const joining: Promise<FakeSeat>[] = [];
    for (let i = 1; i <= 20; i++) {
      room.command(hana, { clientSeq: i, body: { kind: 'edit', file, base: 0, op: [`${i} `] } });
      if (i % 3 === 0)
        joining.push(stage.join(room, { ...GUS, id: `${GUS.id}${i}` }, { client: `client-number-${i}-x` }));
      if (i % 4 === 0) await settle();
    }
    const seats = await Promise.all(joining);
    await settle();
    const expected = texts(foldOf(hana));
    for (const seat of seats) {
      const first = seat.welcomed!.head + 1;
      expect(seat.heard.map(({ seq }) => seq)).toEqual(
        Array.from({ length: room.head - seat.welcomed!.head }, (_, i) => first + i),
      );
      expect(texts(foldOf(seat))).toEqual(expected);
    }
  });

  test('replaying the log gives the live room', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 0, op: ['one '] });
    await stage.send(room, hana, 2, { kind: 'file.create', file: 'file-two', path: 'lib/b.py', text: 'b' });
    await stage.send(room, hana, 3, { kind: 'edit', file, base: 0, op: [4, 'two '] });
    const fold = new RoomFold();
    for (const event of await stage.store.events(room.id, 0, room.head)) fold.apply(event);
    expect(fold.toKeyframe()).toEqual(foldOf(hana).toKeyframe());
  });
});

describe('commands that come twice', () => {
  test('are answered with the event that they became, and not carried out again', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const edit = { kind: 'edit' as const, file: fileOf(hana), base: 0, op: ['x'] };
    await stage.send(room, hana, 1, edit);
    const { head } = room;
    await stage.send(room, hana, 1, edit);
    expect(room.head).toBe(head);
    expect(hana.heard.filter(({ origin }) => origin?.clientSeq === 1).map(({ seq }) => seq)).toEqual([
      head,
      head,
    ]);
  });

  test('while the first is still being written, too', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const edit = { kind: 'edit' as const, file: fileOf(hana), base: 0, op: ['x'] };
    for (let i = 0; i < 3; i++) room.command(hana, { clientSeq: 1, body: edit });
    await settle();
    expect(hana.kinds.filter((kind) => kind === 'edit')).toHaveLength(1);
  });

  test('after the room was recovered from the log, too', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const edit = { kind: 'edit' as const, file: fileOf(hana), base: 0, op: ['x'] };
    await stage.send(room, hana, 1, edit);
    await stage.send(room, hana, 2, { ...edit, base: 1 });
    const later = new Stage('one', stage.clock, stage.store);
    const again = await later.open(room.id);
    const back = await later.join(again, HANA);
    expect(back.welcomed!.lastClientSeq).toBe(2);
    await later.send(again, back, 1, edit);
    expect(back.heard.map(({ origin }) => origin?.clientSeq)).toEqual([1]);
    expect(texts(foldOf(back))[0]!.startsWith('xxdef')).toBe(true);
  });

  test('a command that was refused may come again with its number, after later ones', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, { kind: 'file.rename', file: 'no-such-file', path: 'a.py' });
    expect(hana.refusals).toMatchObject([{ clientSeq: 1, error: { code: 'file.unknown' } }]);
    await stage.send(room, hana, 2, { kind: 'room.rename', name: 'Second' });
    await stage.send(room, hana, 1, { kind: 'room.rename', name: 'First' });
    expect(hana.heard.map(({ origin }) => origin?.clientSeq)).toEqual([2, 1]);
  });

  test('nobody numbers commands in another person’s name', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, { kind: 'room.rename', name: 'Mine' });
    await expect(stage.join(room, GUS, { client: hana.client })).rejects.toThrow('protocol.malformed');
    room.leave(hana);
    await expect(stage.join(room, GUS, { client: hana.client })).rejects.toThrow('protocol.malformed');
  });
});

describe('coming back', () => {
  test('with what is in memory: the events since', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const { head } = room;
    await stage.send(room, hana, 1, { kind: 'room.rename', name: 'New' });
    const back = await stage.join(room, HANA, { since: head });
    expect(back.welcomed!.state).toMatchObject({ kind: 'events', events: [{ seq: head + 1 }] });
    expect(hana.dismissed?.code).toBe('client.replaced');
  });

  test('after a long time: a keyframe, and the way from the old version of pending files', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    const file = fileOf(hana);
    await stage.send(room, gus, 1, { kind: 'edit', file, base: 0, op: ['mine '] });
    for (let i = 1; i <= LIMITS.resumeEvents + 10; i++) {
      room.command(hana, { clientSeq: i, body: { kind: 'edit', file, base: i, op: ['a'] } });
      if (i % 500 === 0) await settle();
    }
    await settle();
    room.leave(gus);
    const back = await stage.join(room, GUS, { since: 4, pending: [{ file, version: 0 }] });
    const { state } = back.welcomed!;
    if (state.kind !== 'keyframe') throw new Error('expected a keyframe');
    const [way] = state.catchUps;
    expect(way!.steps.map(({ clientSeq }) => clientSeq)).toEqual([1, undefined]);
    expect(way!.steps[1]).toEqual({
      version: LIMITS.resumeEvents + 11,
      op: ['a'.repeat(LIMITS.resumeEvents + 10)],
    });
  });

  test('an edit against a version that only the log remembers is carried over what came since', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    const file = fileOf(hana);
    for (let i = 0; i < 2_000; i++) {
      room.command(hana, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: ['a'] } });
      if (i % 100 === 0) await stage.clock.advance(50);
    }
    await settle();
    await stage.send(room, gus, 1, { kind: 'edit', file, base: 1, op: [1, 'GUS'] });
    expect(gus.refusals).toEqual([]);
    expect(texts(foldOf(hana))[0]).toMatch(/^a{2000}GUSdef/);
  });

  test('a version of the future, or an edit that does not fit, is refused', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 9, op: ['a'] });
    await stage.send(room, hana, 2, { kind: 'edit', file, base: 0, op: [100_000, 'a'] });
    await stage.send(room, hana, 3, { kind: 'edit', file, base: 0, op: ['a\r\n'] });
    await stage.send(room, hana, 4, { kind: 'edit', file: 'no-such-file', base: 0, op: ['a'] });
    expect(hana.refusals.map(({ error }) => error.code)).toEqual([
      'edit.future',
      'edit.invalid',
      'edit.invalid',
      'file.unknown',
    ]);
  });
});

describe('people', () => {
  test('a reload is not a leave; going for good is', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    room.leave(gus);
    await stage.clock.advance(LIMITS.leaveGraceMs - 1);
    const back = await stage.join(room, GUS);
    await stage.clock.advance(LIMITS.leaveGraceMs + 1);
    expect(hana.kinds).toEqual(['member.joined']);
    room.leave(back);
    await stage.clock.advance(LIMITS.leaveGraceMs + 1);
    expect(hana.kinds).toEqual(['member.joined', 'member.left']);
    await stage.join(room, GUS);
    expect(hana.kinds).toEqual(['member.joined', 'member.left', 'member.joined']);
  });

  test('a second tab neither joins nor leaves', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const second = await stage.join(room, HANA, { client: 'another-client-of-h' });
    room.leave(second);
    await stage.clock.advance(LIMITS.leaveGraceMs + 1);
    expect(hana.heard).toEqual([]);
  });

  test('who was here when the server was killed, and does not come back, leaves', async () => {
    const stage = new Stage();
    const room = await stage.room();
    await stage.join(room, HANA);
    await stage.join(room, GUS);
    const later = new Stage('one', stage.clock, stage.store);
    const again = await later.open(room.id);
    const hana = await later.join(again, HANA);
    await later.clock.advance(LIMITS.leaveGraceMs + 1);
    expect(hana.heard.map(({ body }) => body)).toEqual([{ kind: 'member.left', participant: GUS.id }]);
  });

  test('a removed person is out at once and stays out', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    await stage.send(room, hana, 1, { kind: 'member.remove', participant: GUS.id });
    expect(gus.dismissed?.code).toBe('room.removed');
    await stage.send(room, gus, 1, { kind: 'edit', file: fileOf(hana), base: 0, op: ['x'] });
    expect(gus.refusals).toHaveLength(1);
    await expect(stage.join(room, GUS)).rejects.toThrow('room.removed');
  });

  test('a new role counts from the moment it is given', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS, { claim: 'viewer' });
    const file = fileOf(hana);
    room.command(gus, { clientSeq: 1, body: { kind: 'edit', file, base: 0, op: ['1'] } });
    room.command(hana, { clientSeq: 1, body: { kind: 'member.role', participant: GUS.id, role: 'editor' } });
    room.command(gus, { clientSeq: 2, body: { kind: 'edit', file, base: 0, op: ['2'] } });
    room.command(hana, { clientSeq: 2, body: { kind: 'member.role', participant: GUS.id, role: 'viewer' } });
    room.command(gus, { clientSeq: 3, body: { kind: 'edit', file, base: 0, op: ['3'] } });
    await settle();
    expect(gus.refusals.map(({ clientSeq }) => clientSeq)).toEqual([1, 3]);
    expect(texts(foldOf(hana))[0]!.startsWith('2def')).toBe(true);
  });
});

describe('runs', () => {
  const start = (file: string) => ({ kind: 'run.start' as const, entry: file });

  test('run exactly the text that was sequenced before', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    room.command(hana, { clientSeq: 1, body: { kind: 'edit', file, base: 0, op: ['# before\n'] } });
    room.command(hana, { clientSeq: 2, body: start(file) });
    room.command(hana, { clientSeq: 3, body: { kind: 'edit', file, base: 1, op: ['# after\n'] } });
    await settle();
    const [run] = stage.runner.started;
    expect(run!.request).toMatchObject({ entry: 'main.py', language: 'python' });
    expect(run!.request.files[0]!.text.startsWith('# before\ndef')).toBe(true);
    expect(hana.heard.find(({ body }) => body.kind === 'run.started')!.body).toMatchObject({
      files: [{ file, path: 'main.py', version: 1 }],
    });
  });

  test('the first output goes at once, the next together', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const { listener } = stage.runner.started[0]!;
    listener.phase('running');
    listener.output({ stream: 'stdout', text: 'a' });
    await settle();
    for (const text of ['b', 'c']) listener.output({ stream: 'stdout', text });
    listener.output({ stream: 'stderr', text: 'd' });
    await settle();
    const said = () =>
      hana.heard.flatMap(({ body }) =>
        body.kind === 'run.output'
          ? [[...stretchesOf(body)].map(({ stream, text }) => `${stream} ${text}`).join(', ')]
          : [],
      );
    expect(said()).toEqual(['stdout a']);
    await stage.clock.advance(20);
    expect(said()).toEqual(['stdout a', 'stdout bc, stderr d']);
    listener.output({ stream: 'stdout', text: 'e' });
    listener.ended(EXIT_0);
    await settle();
    expect(hana.kinds.slice(-2)).toEqual(['run.output', 'run.ended']);
  });

  test('that a program runs is told with its first words, or soon', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const told = () => hana.kinds.filter((kind) => kind.startsWith('run.'));
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const { listener } = stage.runner.started[0]!;
    listener.phase('running');
    await settle();
    expect(told()).toEqual(['run.started']);
    listener.output({ stream: 'stdout', text: 'a' });
    await settle();
    expect(told()).toEqual(['run.started', 'run.phase', 'run.output']);
    listener.ended(EXIT_0);
    await stage.send(room, hana, 2, start(fileOf(hana)));
    const silent = stage.runner.started[1]!.listener;
    silent.phase('compiling');
    silent.output({ stream: 'stderr', text: 'a warning' });
    silent.phase('running');
    await stage.clock.advance(20);
    expect(hana.heard.slice(-4).map(({ body }) => ('phase' in body ? body.phase : body.kind))).toEqual([
      'run.started',
      'compiling',
      'run.output',
      'running',
    ]);
  });

  test('the end that someone asked for answers the command', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const { request, listener } = stage.runner.started[0]!;
    await stage.send(room, hana, 2, { kind: 'run.stop', run: request.run });
    await stage.send(room, gus, 1, { kind: 'run.stop', run: request.run });
    expect(stage.runner.stopped).toEqual([request.run]);
    expect(gus.refusals.map(({ error }) => error.code)).toEqual(['run.unknown']);
    listener.ended({ ...EXIT_0, reason: 'stopped', exitCode: null });
    await settle();
    expect(hana.heard.at(-1)).toMatchObject({
      actor: HANA.id,
      origin: { clientSeq: 2 },
      body: { reason: 'stopped' },
    });
  });

  test('[A39] a run that was going when the server was killed ends as lost, once', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const later = new Stage('one', stage.clock, stage.store);
    await later.open(room.id);
    await settle();
    const again = new Stage('one', stage.clock, stage.store);
    await again.open(room.id);
    await settle();
    const events = await stage.store.events(room.id, 0, 999);
    const ends = events.filter(({ body }) => body.kind === 'run.ended');
    expect(ends.map(({ body }) => body)).toMatchObject([{ reason: 'infrastructure' }]);
  });

  test('are refused without a language, over the limit, or without a sandbox', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, { kind: 'file.create', file: 'file-txt', path: 'a.txt', text: '' });
    await stage.send(room, hana, 2, start('file-txt'));
    for (let i = 0; i < LIMITS.runsPerRoom; i++) await stage.send(room, hana, 3 + i, start(file));
    await stage.send(room, hana, 20, start(file));
    stage.runner.started[0]!.listener.ended(EXIT_0);
    stage.runner.current = { state: 'off', reason: 'No engine.', mend: 'Install Docker.' };
    await stage.send(room, hana, 21, start(file));
    expect(hana.refusals.map(({ error }) => error.code)).toEqual([
      'run.language',
      'run.tooMany',
      'run.unavailable',
    ]);
    expect(hana.refusals[2]!.error.message).toBe('No engine. Install Docker.');
  });
});

describe('memory and the log', () => {
  test('a keyframe is written after enough events, and recovery starts from it', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    for (let i = 0; i < LIMITS.keyframeEvents; i++) {
      room.command(hana, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: ['a'] } });
    }
    await stage.clock.advance(1_000);
    const stored = await stage.store.newestKeyframe(room.id);
    expect(stored!.seq).toBeGreaterThanOrEqual(LIMITS.keyframeEvents);
    const later = new Stage('one', stage.clock, stage.store);
    const back = await later.join(await later.open(room.id), HANA);
    expect(texts(foldOf(back))).toEqual(texts(foldOf(hana)));
  });

  test('an idle room writes a keyframe, is given up, and comes back', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, { kind: 'edit', file: fileOf(hana), base: 0, op: ['kept '] });
    room.leave(hana);
    await stage.clock.advance(LIMITS.idleRoomMs + LIMITS.leaveGraceMs);
    const stored = await stage.store.newestKeyframe(room.id);
    expect(stored!.keyframe.files[0]!.text.startsWith('kept ')).toBe(true);
    expect(await stage.store.acquire(room.id, 'two', 1)).toMatchObject({ kind: 'acquired' });
    await stage.clock.advance(10);
    const again = await stage.open(room.id);
    expect(again).not.toBe(room);
    expect(texts(foldOf(await stage.join(again, HANA)))[0]!.startsWith('kept ')).toBe(true);
  });

  test('who was overtaken tells its clients to resync, and writes nothing any more', async () => {
    const stage = new Stage('one');
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const other = new Stage('two', stage.clock, stage.store);
    await stage.store.acquire(room.id, 'one', -1);
    const theirs = await other.open(room.id);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 0, op: ['lost'] });
    expect(stage.resynced).toEqual([room.id]);
    const back = await other.join(theirs, HANA);
    expect(texts(foldOf(back))[0]!.startsWith('def')).toBe(true);
    await other.send(theirs, back, 1, { kind: 'edit', file, base: 0, op: ['sent again '] });
    expect(texts(foldOf(back))[0]!.startsWith('sent again def')).toBe(true);
    await expect(stage.open(room.id)).rejects.toThrow('room.unavailable');
  });

  test('an owner that is silent for longer than its lease finds out when it wakes', async () => {
    const stage = new Stage('one');
    const room = await stage.room();
    await stage.join(room, HANA);
    await stage.store.acquire(room.id, 'one', -1);
    await stage.store.acquire(room.id, 'two', 60_000);
    await stage.clock.advance(5_000);
    expect(stage.resynced).toEqual([room.id]);
  });

  test('while storage is away nothing is acknowledged; afterwards everything, in order', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    stage.store.down = true;
    for (let i = 0; i < 10; i++) {
      room.command(hana, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: [`${i}`] } });
      await stage.clock.advance(100);
    }
    expect(hana.heard).toEqual([]);
    expect(stage.storage).toEqual(['stalled']);
    await expect(stage.join(room, GUS)).rejects.toThrow('storage.unavailable');
    stage.store.down = false;
    await stage.clock.advance(5_000);
    expect(stage.storage).toEqual(['stalled', 'ok']);
    expect(hana.heard.map(({ origin }) => origin?.clientSeq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a full disk is told as one, to who types, joins or starts a run; what was going on is saved later', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    const start = { kind: 'run.start', entry: file } as const;
    await stage.send(room, hana, 1, start);
    const [run] = stage.runner.started;
    stage.store.full = true;
    run!.listener.output({ stream: 'stdout', text: 'said to a full disk\n' });
    run!.listener.ended(EXIT_0);
    await stage.send(room, hana, 2, { kind: 'edit', file, base: 0, op: ['kept '] });
    expect(stage.storage).toEqual(['full']);
    await stage.send(room, hana, 3, start);
    expect(hana.refusals).toMatchObject([{ clientSeq: 3, error: { code: 'storage.full' } }]);
    await expect(stage.join(room, GUS)).rejects.toThrow('storage.full');
    expect(hana.kinds).toEqual(['run.started']);

    stage.store.full = false;
    await stage.clock.advance(5_000);
    expect(stage.storage).toEqual(['full', 'ok']);
    expect(hana.kinds).toEqual(['run.started', 'run.output', 'run.ended', 'edit']);
    await stage.send(room, hana, 3, start);
    expect(hana.kinds.at(-1)).toBe('run.started');
  });

  test('while more text waits for storage than memory is meant for, further commands are refused', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    const before = foldOf(hana).texts.get(file)!.buffer.length;
    stage.store.down = true;
    const text = 'x'.repeat(LIMITS.fileUnits);
    let clientSeq = 0;
    while (hana.refusals.length === 0 && clientSeq < 100) {
      const op = [text, -(clientSeq === 0 ? before : text.length)];
      await stage.send(room, hana, ++clientSeq, { kind: 'edit', file, base: clientSeq - 1, op });
    }
    expect(clientSeq).toBe(33);
    expect(hana.refusals.map(({ error }) => error.code)).toEqual(['storage.unavailable']);
    stage.store.down = false;
    await stage.clock.advance(10_000);
    await stage.send(room, hana, 33, { kind: 'edit', file, base: 32, op: [text, -text.length] });
    expect(hana.refusals).toHaveLength(1);
    expect(hana.kinds.filter((kind) => kind === 'edit')).toHaveLength(33);
  });

  test('a shut-down saves everything and gives the rooms up', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, { kind: 'run.start', entry: fileOf(hana) });
    room.command(hana, { clientSeq: 2, body: { kind: 'edit', file: fileOf(hana), base: 0, op: ['last '] } });
    await stage.registry.shut();
    const stored = await stage.store.newestKeyframe(room.id);
    expect(stored!.keyframe.files[0]!.text.startsWith('last ')).toBe(true);
    expect(stored!.keyframe.runs).toMatchObject([{ phase: 'ended', end: { reason: 'infrastructure' } }]);
    expect(await stage.store.acquire(room.id, 'two', 1)).toMatchObject({ kind: 'acquired' });
  });
});

describe('replicas', () => {
  test('a hash that differs is healed and counted; an old version is not judged', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    const { buffer } = foldOf(hana).texts.get(file)!;
    expect(room.check(hana, { file, version: 0, hash: buffer.hash() })).toEqual({ verdict: 'equal' });
    const healed = room.check(hana, { file, version: 0, hash: 1 });
    expect(healed).toEqual({ verdict: 'diverged', version: 0, text: buffer.toString() });
    expect(stage.warnings).toEqual(['a replica has diverged']);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 0, op: ['x'] });
    expect(room.check(hana, { file, version: 0, hash: 1 })).toEqual({ verdict: 'unknown' });
  });

  test('cursors are passed on in batches, and go with their client', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    const cursor = (head: number) => ({ file: fileOf(hana), version: 0, anchor: head, head });
    for (let clock = 1; clock <= 5; clock++) room.presence(gus, { clock, cursor: cursor(clock) });
    room.presence(gus, { clock: 3, cursor: cursor(99) });
    room.presence(hana, { clock: 1, cursor: cursor(7) });
    await stage.clock.advance(50);
    expect(stage.presence).toHaveLength(1);
    expect(stage.presence[0]!.map(({ cursor }) => cursor?.head)).toEqual([5, 7]);
    const late = await stage.join(
      room,
      { ...GUS, id: 'late-late-late-late' },
      { client: 'client-of-latecomer' },
    );
    expect(late.welcomed!.presence.map(({ cursor }) => cursor?.head)).toEqual([5, 7]);
    room.leave(gus);
    await stage.clock.advance(50);
    expect(stage.presence[1]).toMatchObject([{ client: gus.client, gone: true }]);
  });
});

describe('whose connection is lost is told', () => {
  const scene = async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    return { stage, room, hana, gus, told: () => stage.lost.splice(0) };
  };
  const only = (seat: { client: string; participant: { id: string } }) => ({
    clients: [seat.client],
    people: [seat.participant.id],
  });
  const nobody = { clients: [], people: [] };

  test('of a client that is silent, also to who comes later, until it is heard again', async () => {
    const { stage, room, gus, told } = await scene();
    room.hear(gus, false);
    room.hear(gus, false);
    expect(told()).toEqual([only(gus)]);
    const late = await stage.join(
      room,
      { ...GUS, id: 'late-late-late-late' },
      { client: 'client-of-latecomer' },
    );
    expect(late.welcomed!.lost).toEqual(only(gus));
    room.hear(gus, true);
    expect(told()).toEqual([nobody]);
  });

  test('through the end of its socket, until the person is told as gone', async () => {
    const { stage, room, gus, hana, told } = await scene();
    room.hear(gus, false);
    room.leave(gus);
    await stage.clock.advance(LIMITS.leaveGraceMs);
    expect(told()).toEqual([only(gus), { clients: [], people: [GUS.id] }]);
    expect(hana.heard.at(-1)?.body).toEqual({ kind: 'member.left', participant: GUS.id });
    room.hear(hana, false);
    expect(told()).toEqual([only(hana)]);
  });

  test('of a person without a client, when a reload would be over', async () => {
    const { stage, room, gus, told } = await scene();
    room.leave(gus);
    await stage.clock.advance(LIMITS.absentMs - 1);
    expect(told()).toEqual([]);
    await stage.clock.advance(1);
    expect(told()).toEqual([{ clients: [], people: [GUS.id] }]);
    await stage.join(room, GUS);
    expect(told()).toEqual([nobody]);
  });

  test('of a person only when none of their clients is heard', async () => {
    const { stage, room, gus, told } = await scene();
    const second = await stage.join(room, GUS, { client: 'second-tab-of-gus-xxx' });
    room.hear(gus, false);
    expect(told()).toEqual([{ clients: [gus.client], people: [] }]);
    room.hear(second, false);
    expect(told()).toEqual([{ clients: [gus.client, second.client], people: [GUS.id] }]);
    room.leave(gus);
    room.hear(second, true);
    expect(told()).toEqual([{ clients: [second.client], people: [GUS.id] }, nobody]);
  });

  test('and no more when it is back on another connection', async () => {
    const { stage, room, gus, told } = await scene();
    room.hear(gus, false);
    await stage.join(room, GUS, { client: gus.client });
    room.leave(gus);
    expect(told()).toEqual([only(gus), nobody]);
  });
});

test('a file is pinned as the entry for everyone while it is there, and the pin is taken off', async () => {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const file = fileOf(hana);
  await stage.send(room, hana, 1, { kind: 'entry.pin', file });
  expect(foldOf(hana).state.entry).toBe(file);
  await stage.send(room, hana, 2, { kind: 'entry.pin', file: 'no-such-file' });
  expect(hana.refusals).toMatchObject([{ clientSeq: 2, error: { code: 'file.unknown' } }]);
  await stage.send(room, hana, 3, { kind: 'entry.pin', file: null });
  expect(foldOf(hana).state.entry).toBeNull();
});

test('where programs start is the room’s to say, and is in the log of each run that starts elsewhere', async () => {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const start = { kind: 'run.start', entry: fileOf(hana) } as const;
  await stage.send(room, hana, 1, start);
  await stage.send(room, hana, 2, { kind: 'workFolder.set', folder: 'entry' });
  await stage.send(room, hana, 3, start);
  expect(stage.runner.started.map(({ request }) => request.workFolder)).toEqual(['room', 'entry']);
  const runs = [...foldOf(hana).state.runs.values()];
  expect(runs.map(({ workFolder }) => workFolder)).toEqual([undefined, 'entry']);
});

test('events carry dense numbers whatever happens', async () => {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  await stage.send(room, hana, 1, { kind: 'room.lock', locked: true });
  await stage.send(room, hana, 2, { kind: 'link.revoke', role: 'editor' });
  await stage.send(room, hana, 3, { kind: 'member.update', name: 'Hanako', hue: 3 });
  const events: readonly RoomEvent[] = await stage.store.events(room.id, 0, 999);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
});
