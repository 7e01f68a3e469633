// What becomes of commands: who hears of them, once each, and who may give them.
import type { RoomEvent } from '@codesync/protocol';
import { fileId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage, texts } from '../support/actor.ts';

/** A room with so many edits that memory has only the newest of them. */
async function grownOld() {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const gus = await stage.join(room, GUS);
  const file = fileOf(hana);
  for (let i = 0; i < 2_000; i++) {
    room.command(hana.seat, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: ['a'] } });
    if (i % 100 === 0) await stage.clock.pass(50);
  }
  await settle();
  return { stage, room, hana, gus, file };
}

describe('commands', () => {
  test('nobody hears of an edit before it is durable', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    let release: () => void = () => undefined;
    stage.store.gate = new Promise((resolve) => {
      release = resolve;
    });
    room.command(hana.seat, { clientSeq: 1, body: { kind: 'edit', file: fileOf(hana), base: 0, op: ['x'] } });
    await settle();
    expect(hana.kinds).not.toContain('edit');
    release();
    await settle();
    expect(hana.kinds).toContain('edit');
  });

  test('a new role counts from the moment it is given', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS, { link: 'viewer' });
    const file = fileOf(hana);
    room.command(gus.seat, { clientSeq: 1, body: { kind: 'edit', file, base: 0, op: ['1'] } });
    room.command(hana.seat, {
      clientSeq: 1,
      body: { kind: 'member.role', participant: GUS.id, role: 'editor' },
    });
    room.command(gus.seat, { clientSeq: 2, body: { kind: 'edit', file, base: 0, op: ['2'] } });
    room.command(hana.seat, {
      clientSeq: 2,
      body: { kind: 'member.role', participant: GUS.id, role: 'viewer' },
    });
    room.command(gus.seat, { clientSeq: 3, body: { kind: 'edit', file, base: 0, op: ['3'] } });
    await settle();
    expect(gus.refusals.map(({ clientSeq }) => clientSeq)).toEqual([1, 3]);
    expect(texts(foldOf(hana))[0]!.startsWith('2def')).toBe(true);
  });

  test('an edit against a version that only the log remembers is carried over what came since', async () => {
    const { stage, room, hana, gus, file } = await grownOld();
    await stage.send(room, gus, 1, { kind: 'edit', file, base: 1, op: [1, 'GUS'] });
    expect(gus.refusals).toEqual([]);
    expect(texts(foldOf(hana))[0]).toMatch(/^a{2000}GUSdef/);
  });

  test('as another one, while the first waits for the log: only the first counts', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const edit = { kind: 'edit' as const, file: fileOf(hana), base: 0, op: ['x'] };
    await stage.send(room, hana, 9, edit);
    room.command(hana.seat, { clientSeq: 3, body: edit });
    room.command(hana.seat, { clientSeq: 3, body: { ...edit, op: ['y'] } });
    await settle();
    expect(texts(foldOf(hana))[0]).toMatch(/^xx[^xy]/);
    await stage.send(room, hana, 10, { ...edit, op: ['z'] });
    expect(texts(foldOf(hana))[0]).toMatch(/^zxx[^xy]/);
  });

  test('a version of the future, or an edit that does not fit, is refused', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 9, op: ['a'] });
    await stage.send(room, hana, 2, { kind: 'edit', file, base: 0, op: [100_000, 'a'] });
    await stage.send(room, hana, 3, { kind: 'edit', file, base: 0, op: ['a\r\n'] });
    await stage.send(room, hana, 4, { kind: 'edit', file: fileId('no-such-file'), base: 0, op: ['a'] });
    expect(hana.refusals.map(({ error }) => error.code)).toEqual([
      'edit.future',
      'edit.invalid',
      'edit.invalid',
      'file.unknown',
    ]);
  });
});

describe('commands that come twice', () => {
  test('are answered with the event that they became, and not carried out again', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const edit = { kind: 'edit' as const, file: fileOf(hana), base: 0, op: ['x'] };
    await stage.send(room, hana, 1, edit);
    const head = await stage.head(room);
    await stage.send(room, hana, 1, edit);
    expect(await stage.head(room)).toBe(head);
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
    for (let i = 0; i < 3; i++) room.command(hana.seat, { clientSeq: 1, body: edit });
    await settle();
    expect(hana.kinds.filter((kind) => kind === 'edit')).toHaveLength(1);
  });

  test('while the store is asked whether an overtaken one is in the log, too', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const edit = { kind: 'edit' as const, file: fileOf(hana), base: 0, op: ['x'] };
    await stage.send(room, hana, 9, edit);
    for (let i = 0; i < 3; i++)
      for (const clientSeq of [3, 4]) room.command(hana.seat, { clientSeq, body: edit });
    await settle();
    expect(hana.heard.flatMap(({ origin }) => origin?.clientSeq ?? []).toSorted()).toEqual([3, 4, 9]);
    expect(texts(foldOf(hana))[0]).toMatch(/^xxx[^x]/);
  });

  test('while the edits that an old one has to be carried over are read, too', async () => {
    const { room, hana, gus, file } = await grownOld();
    const old = { kind: 'edit' as const, file, base: 1, op: [1, 'GUS'] };
    for (let i = 0; i < 3; i++) room.command(gus.seat, { clientSeq: 1, body: old });
    await settle();
    expect(gus.refusals).toEqual([]);
    expect(texts(foldOf(hana))[0]).toMatch(/^a{2000}GUSdef/);
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
    await stage.send(room, hana, 1, { kind: 'file.rename', file: fileId('no-such-file'), path: 'a.py' });
    expect(hana.refusals).toMatchObject([{ clientSeq: 1, error: { code: 'file.unknown' } }]);
    await stage.send(room, hana, 2, { kind: 'room.rename', name: 'Second' });
    await stage.send(room, hana, 1, { kind: 'room.rename', name: 'First' });
    expect(hana.heard.map(({ origin }) => origin?.clientSeq)).toEqual([2, 1]);
  });
});

test('a file is pinned as the entry for everyone while it is there, and the pin is taken off', async () => {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const file = fileOf(hana);
  await stage.send(room, hana, 1, { kind: 'entry.pin', file });
  expect(foldOf(hana).state.entry).toBe(file);
  await stage.send(room, hana, 2, { kind: 'entry.pin', file: fileId('no-such-file') });
  expect(hana.refusals).toMatchObject([{ clientSeq: 2, error: { code: 'file.unknown' } }]);
  await stage.send(room, hana, 3, { kind: 'entry.pin', file: null });
  expect(foldOf(hana).state.entry).toBeNull();
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
