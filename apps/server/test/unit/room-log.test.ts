// A room and its log: recovery, ownership, and what becomes of people while nothing can be saved.
import { LIMITS } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage, texts } from '../support/actor.ts';
import { EXIT_0 } from '../support/memory-runner.ts';

describe('memory and the log', () => {
  test('replaying the log gives the live room', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 0, op: ['one '] });
    await stage.send(room, hana, 2, {
      kind: 'file.create',
      file: fileId('file-two'),
      path: 'lib/b.py',
      text: 'b',
    });
    await stage.send(room, hana, 3, { kind: 'edit', file, base: 0, op: [4, 'two '] });
    const fold = new RoomFold();
    for (const event of await stage.store.events(room.id, 0, await stage.head(room))) fold.apply(event);
    expect(fold.toKeyframe()).toEqual(foldOf(hana).toKeyframe());
  });

  test('a keyframe is written after enough events, and recovery starts from it', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    for (let i = 0; i < LIMITS.keyframeEvents; i++) {
      room.command(hana.seat, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: ['a'] } });
    }
    await stage.clock.pass(1_000);
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
    room.leave(hana.seat);
    await stage.clock.pass(LIMITS.idleRoomMs + LIMITS.leaveGraceMs);
    const stored = await stage.store.newestKeyframe(room.id);
    expect(stored!.keyframe.files[0]!.text.startsWith('kept ')).toBe(true);
    expect(await stage.store.acquire(room.id, 'two', 1)).toMatchObject({ kind: 'acquired' });
    await stage.clock.pass(10);
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
    expect(stage.audience.resynced).toEqual([room.id]);
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
    await stage.clock.pass(5_000);
    expect(stage.audience.resynced).toEqual([room.id]);
  });

  test('while storage is away nothing is acknowledged; afterwards everything, in order', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    stage.store.down = true;
    for (let i = 0; i < 10; i++) {
      room.command(hana.seat, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: [`${i}`] } });
      await stage.clock.pass(100);
    }
    expect(hana.heard).toEqual([]);
    expect(stage.storage).toEqual(['stalled']);
    await expect(stage.join(room, GUS)).rejects.toThrow('storage.unavailable');
    stage.store.down = false;
    await stage.clock.pass(5_000);
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
    await stage.clock.pass(5_000);
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
    await stage.clock.pass(10_000);
    await stage.send(room, hana, 33, { kind: 'edit', file, base: 32, op: [text, -text.length] });
    expect(hana.refusals).toHaveLength(1);
    expect(hana.kinds.filter((kind) => kind === 'edit')).toHaveLength(33);
  });

  test('a shut-down saves everything and gives the rooms up', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, { kind: 'run.start', entry: fileOf(hana) });
    room.command(hana.seat, {
      clientSeq: 2,
      body: { kind: 'edit', file: fileOf(hana), base: 0, op: ['last '] },
    });
    await stage.registry.shut();
    const stored = await stage.store.newestKeyframe(room.id);
    expect(stored!.keyframe.files[0]!.text.startsWith('last ')).toBe(true);
    expect(stored!.keyframe.runs).toMatchObject([{ phase: 'ended', end: { reason: 'infrastructure' } }]);
    expect(await stage.store.acquire(room.id, 'two', 1)).toMatchObject({ kind: 'acquired' });
  });
});
