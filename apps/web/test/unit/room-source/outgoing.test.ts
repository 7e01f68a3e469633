import { refusal } from '@codesync/protocol';
import { fileId, settle } from '@codesync/protocol/testing';
import { describe, expect, it, vi } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { edits, Stage } from './support/stage.ts';
import { person } from './support/tab.ts';

describe('the way to the log', () => {
  it('has one edit of a file on it at a time; what is typed meanwhile follows as one', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (const [i, letter] of [...'abcdef'].entries()) ann.type(i, 0, letter);
    await stage.quiet();
    expect(edits(stage).map(({ command }) => command.body)).toMatchObject([
      { op: ['a'] },
      { op: [1, 'bcdef'] },
    ]);
  });

  it('carries an edit twice when the answer was lost, under one number, and it counts once', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(0, 0, 'x');
    await stage.written();
    const connection = ann.connection!;
    while (connection.deliver('up'));
    expect(stage.server.text()).toBe('xhello');
    stage.server.cut(connection);
    ann.type(1, 0, 'y');
    await stage.quiet(3_000);
    expect(stage.server.text()).toBe('xyhello');
    expect(ann.text()).toBe('xyhello');
    expect(new Set(edits(stage).map(({ command }) => command.clientSeq)).size).toBe(2);
  });

  it('is not crowded, however fast someone types', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (let i = 0; i < 200; i++) {
      ann.type(i, 0, 'x');
      await settle(3);
      stage.server.deliverAll();
      stage.clock.advance(5);
    }
    await stage.quiet();
    expect(stage.server.text()).toBe('x'.repeat(200));
    expect(edits(stage).length).toBeLessThanOrEqual(52);
  });

  it('is not entered before the edit is written down', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(0, 0, 'x');
    stage.server.deliverAll();
    expect(edits(stage)).toEqual([]);
    await stage.quiet();
    expect(edits(stage)).toHaveLength(1);
  });

  it('is found again through a keyframe when too much was missed', async () => {
    const stage = new Stage('hello', { resumeEvents: 3 });
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    ann.type(5, 0, '!');
    await stage.written();
    while (ann.connection!.deliver('up'));
    stage.server.unreachable.add(person(1).id);
    ann.page.network(false);
    expect(ann.source.view().connection.kind).toBe('online');
    stage.server.timeOut(ann.connection!);
    await settle();
    expect(ann.source.view().connection.kind).toBe('offline');
    for (let i = 0; i < 8; i++) {
      bob.type(0, 0, String(i));
      await stage.written();
      stage.server.deliverAll();
    }
    ann.type(6, 0, '?');
    stage.server.unreachable.clear();
    ann.page.network(true);
    await stage.quiet(3_000);
    expect(stage.server.text()).toBe('76543210hello!?');
    expect(ann.text()).toBe(stage.server.text());
  });

  it('starts over when events are missing, or do not fit', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(5, 0, ' ann');
    const { listener } = ann.connection!;
    listener.events([{ seq: 40, at: 0, actor: null, body: { kind: 'room.renamed', name: 'future' } }]);
    await stage.quiet(3_000);
    expect(ann.source.view().room.name).toBe('room');
    const next = stage.server.fold.seq + 1;
    const body = { kind: 'edit', file: FILE, version: 99, op: ['?'] } as const;
    ann.connection!.listener.events([{ seq: next, at: 0, actor: null, body: { ...body, op: [...body.op] } }]);
    await stage.quiet(3_000);
    expect(complained).toHaveBeenCalledOnce();
    complained.mockRestore();
    expect(ann.text()).toBe('hello ann');
    expect(ann.source.view().connection.kind).toBe('online');
  });

  it('is found out to be dead after a sleep', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const dead = ann.connection!;
    dead.alive = false;
    dead.up = [];
    const asleep = stage.clock.now();
    stage.clock.sleep(3_600_000);
    expect(ann.source.view().connection.kind).toBe('online');
    stage.server.timeOut(dead);
    await settle();
    const { connection } = ann.source.view();
    expect(connection.kind).toBe('reconnecting');
    // Not since it was found out, but since the server was last heard.
    expect(connection.kind === 'reconnecting' && connection.since).toBeLessThanOrEqual(asleep);
    await stage.quiet(2_000);
    expect(ann.source.view().connection.kind).toBe('online');
  });
});

describe('commands that are not edits', () => {
  const CREATE = { kind: 'file.create', file: fileId('file-util'), path: 'util.py', text: '' } as const;

  it('are answered with their event', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const answer = ann.source.command(CREATE);
    await stage.quiet();
    expect(await answer).toMatchObject({ ok: true, event: { body: { kind: 'file.created' } } });
    const refusedAnswer = ann.source.command({ ...CREATE, file: fileId('file-more') });
    await stage.quiet();
    expect(await refusedAnswer).toEqual({ ok: false, error: refusal('file.exists') });
  });

  it('have U+FFFD for every half of a character when they leave the page', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const answer = ann.source.command({ ...CREATE, text: 'a\ud83db😀' });
    await stage.quiet();
    expect(await answer).toMatchObject({ ok: true, event: { body: { text: 'a\ufffdb😀' } } });
  });

  it('are refused on the spot without a connection', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    const answer = await ann.source.command({ kind: 'file.delete', file: FILE });
    expect(answer).toEqual({ ok: false, error: refusal('room.unavailable') });
  });

  describe.each([
    ['events', 5_000],
    ['keyframe', 0],
  ])('when the connection is cut, and what was missed comes as %s', (_, resumeEvents) => {
    async function sendOne() {
      const stage = new Stage('hello', { resumeEvents });
      const ann = await stage.join(1);
      const answer = ann.source.command(CREATE);
      await stage.written();
      return { stage, connection: ann.connection!, answer };
    }

    it('are carried out once when the answer was lost', async () => {
      const { stage, connection, answer } = await sendOne();
      while (connection.deliver('up'));
      expect(stage.server.fold.state.files.size).toBe(2);
      stage.server.cut(connection);
      await stage.quiet(3_000);
      expect(await answer).toMatchObject({ ok: true });
    });

    it('are sent again when they were lost', async () => {
      const { stage, connection, answer } = await sendOne();
      stage.server.cut(connection);
      await stage.quiet(3_000);
      expect(await answer).toMatchObject({ ok: true });
    });
  });

  it('are answered when the room closes', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const answer = ann.source.command({ kind: 'file.delete', file: FILE });
    await settle();
    ann.connection!.listener.dismissed(refusal('room.removed'));
    expect(await answer).toEqual({ ok: false, error: refusal('room.removed') });
    expect(ann.source.view().connection).toEqual({ kind: 'closed', error: refusal('room.removed') });
  });
});

describe('flush', () => {
  it('resolves when what was typed until then is in the log, whatever is typed later', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    await ann.source.flush(1_000);
    ann.type(0, 0, 'a');
    ann.type(1, 0, 'b');
    let flushed = '';
    const flushing = ann.source.flush(5_000).then(() => {
      flushed = stage.server.text();
    });
    for (let i = 0; i < 5; i++) {
      await settle();
      stage.server.deliverAll();
      stage.clock.advance(25);
      ann.type(2 + i, 0, '-');
    }
    await flushing;
    expect(flushed.startsWith('ab')).toBe(true);
  });

  it.each([
    ['ok', 'room.unavailable'],
    ['stalled', 'storage.unavailable'],
    ['full', 'storage.full'],
  ] as const)('rejects with a sentence when time is up: storage %s, %s', async (storage, code) => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.connection!.listener.storage(storage);
    stage.server.kill();
    ann.type(0, 0, 'a');
    const flushing = expect(ann.source.flush(1_000)).rejects.toThrow(refusal(code).message);
    stage.clock.advance(1_001);
    await flushing;
  });
});
