import { LIMITS, refusal } from '@codesync/protocol';
import { describe, expect, it, vi } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import { person, settle } from './support/tab.ts';

const edits = (stage: Stage) => stage.server.received.filter(({ command }) => command.body.kind === 'edit');

describe('two people', () => {
  it('see each other type', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    ann.source.document(FILE);
    bob.source.document(FILE);
    ann.type(5, 0, ' world');
    bob.type(0, 0, 'oh, ');
    await stage.quiet();
    expect(stage.server.text()).toBe('oh, hello world');
    expect(ann.text()).toBe(stage.server.text());
    expect(bob.text()).toBe(stage.server.text());
  });

  it('tell the editor what the others changed, and nothing of what it did itself', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    const heard = vi.fn();
    ann.source.document(FILE)!.onRemote(heard);
    ann.type(0, 0, '1');
    bob.type(5, 0, '2');
    await stage.quiet();
    expect(heard.mock.calls).toEqual([[[6, '2']]]);
  });

  it('undo their own steps only', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    ann.type(0, 0, 'ann ');
    await stage.quiet();
    bob.type(0, 0, 'bob ');
    await stage.quiet();
    expect(ann.source.document(FILE)!.undo()).toEqual([4, -4]);
    await stage.quiet();
    expect(bob.text()).toBe('bob hello');
    expect(ann.source.document(FILE)!.undo()).toBeNull();
    ann.source.document(FILE)!.redo();
    await stage.quiet();
    expect(bob.text()).toBe('bob ann hello');
  });
});

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

describe('a way that does not answer', () => {
  it('is lost since the server was last heard, however lately that was', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    const mute = ann.connection!;
    stage.clock.advance(5_000);
    await settle();
    mute.up = [];
    bob.type(0, 0, 'x');
    await stage.written();
    while (bob.connection!.deliver('up'));
    while (mute.deliver('down'));
    expect(ann.text()).toBe('xhello');
    const heardAt = stage.clock.now();
    stage.clock.advance(4_000);
    stage.server.timeOut(mute);
    await settle();
    expect(ann.source.view().connection).toMatchObject({ kind: 'reconnecting', since: heardAt });
  });
});

describe('a server that opens no socket', () => {
  it('has its reason told, and is asked again until it does', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.cut(ann.connection!);
    stage.server.refuseSocket = refusal('rate.address');
    await stage.quiet(3_000);
    expect(ann.source.view().connection).toMatchObject({ kind: 'reconnecting', refused: 'rate.address' });
    stage.server.refuseSocket = null;
    await stage.quiet(20_000);
    expect(ann.source.view().connection.kind).toBe('online');
  });
});

describe('the save light', () => {
  it('says saved only when every edit is in the log', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const seen: string[] = [];
    ann.source.subscribe(() => {
      const { kind } = ann.source.view().save;
      if (kind === 'saved') expect(stage.server.text()).toBe(ann.text());
      if (seen.at(-1) !== kind) seen.push(kind);
    });
    ann.type(0, 0, 'a');
    expect(ann.source.view().save.kind).toBe('sent');
    stage.server.cut(ann.connection!);
    expect(ann.source.view().save).toMatchObject({ kind: 'local', kept: true });
    ann.type(0, 0, 'b');
    await stage.quiet(3_000);
    ann.type(0, 0, 'c');
    await stage.quiet(3_000);
    expect(seen).toEqual(['sent', 'local', 'sent', 'saved', 'sent', 'saved']);
  });

  it('does not change with every keystroke', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    let changes = 0;
    ann.source.subscribe(() => changes++);
    for (let i = 0; i < 20; i++) {
      ann.type(0, 0, 'a');
      await settle();
      stage.server.deliverAll();
      stage.clock.advance(30);
    }
    await stage.quiet();
    expect(ann.source.view().save.kind).toBe('saved');
    expect(changes).toBeLessThanOrEqual(4);
  });

  it('says when nothing is kept on this device, and typing goes on all the same', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.storageBroken = true;
    ann.type(0, 0, 'a');
    await stage.quiet();
    expect(stage.server.text()).toBe('ahello');
    stage.server.kill();
    ann.type(0, 0, 'b');
    await settle();
    expect(ann.source.view().save).toMatchObject({ kind: 'local', kept: false });
    ann.storageBroken = false;
    ann.type(0, 0, 'c');
    await stage.written();
    expect(ann.source.view().save).toMatchObject({ kind: 'local', kept: true });
  });
});

describe('a room on this device', () => {
  it('opens without the server, with what was not saved, and saves it when the server is back', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(5, 0, ' off');
    ann.type(9, 0, 'line');
    expect(ann.source.unsaved()).toBe(2);
    await stage.written();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.source.view()).toMatchObject({ ready: true, you: { name: 'Person 1', role: 'editor' } });
    expect(again.client).toBe(ann.client);
    expect(again.text()).toBe('hello offline');
    expect(again.source.view().save).toMatchObject({ kind: 'local', kept: true });
    again.type(0, 0, 'still ');
    expect(again.source.unsaved()).toBe(3);
    stage.server.start();
    await stage.quiet(9_000);
    expect(stage.server.text()).toBe('still hello offline');
    expect(again.source.unsaved()).toBe(0);
    expect(again.source.view().save).toEqual({ kind: 'saved' });
  });

  it('is written as the page goes away, even when nothing asynchronous ends any more', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(0, 0, 'a');
    await settle(1);
    ann.type(1, 0, 'b');
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('abhello');
    stage.server.start();
    await stage.quiet(9_000);
    expect(stage.server.text()).toBe('abhello');
  });

  it('is written as the page goes away, with what the others did since the last write', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    await stage.quiet(3_000);
    bob.source.document(FILE);
    ann.source.document(FILE);
    bob.type(0, 0, 'bob ');
    for (let i = 0; i < 4; i++) {
      await settle();
      stage.server.deliverAll();
    }
    expect(ann.text()).toBe('bob hello');
    stage.server.kill();
    ann.type(9, 0, '!');
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('bob hello!');
  });

  it('is written as a page goes away that had only just opened it', async () => {
    const stage = new Stage();
    const ann = stage.browser(1).open();
    for (let i = 0; i < 3; i++) {
      await settle();
      stage.server.deliverAll();
    }
    ann.source.document(FILE);
    ann.type(0, 0, 'quick ');
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('quick hello');
    await stage.quiet(3_000);
    expect(stage.server.text()).toBe('quick hello');
  });

  it('has the output of runs again after a reload, which the device does not keep', async () => {
    const stage = new Stage();
    stage.server.append({
      kind: 'run.started',
      run: 'run-run-1',
      language: 'python',
      entry: FILE,
      files: [],
    });
    stage.server.append({ kind: 'run.output', run: 'run-run-1', stream: 'stdout', text: 'out' });
    const ann = await stage.join(1);
    stage.server.append({ kind: 'run.output', run: 'run-run-1', stream: 'stdout', text: 'put' });
    await stage.quiet(3_000);
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.source.view().room.runs.get('run-run-1')?.output).toEqual([]);
    await stage.quiet();
    expect(again.source.view().room.runs.get('run-run-1')?.output).toEqual([
      { stream: 'stdout', text: 'output' },
    ]);
  });

  it('keeps a small tail of events and makes a new keyframe when it has become long', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (let i = 0; i < 700; i++)
      stage.server.append({ kind: 'edit', file: FILE, version: i + 1, op: ['x'] });
    await stage.quiet(3_000);
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('x'.repeat(700));
  });
});

describe('commands that are not edits', () => {
  it('are answered with their event', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const answer = ann.source.command({ kind: 'file.create', file: 'file-util', path: 'util.py', text: '' });
    await stage.quiet();
    expect(await answer).toMatchObject({ ok: true, event: { body: { kind: 'file.created' } } });
    const refusedAnswer = ann.source.command({
      kind: 'file.create',
      file: 'file-more',
      path: 'util.py',
      text: '',
    });
    await stage.quiet();
    expect(await refusedAnswer).toEqual({ ok: false, error: refusal('file.exists') });
  });

  it('have U+FFFD for every half of a character when they leave the page', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const body = { kind: 'file.create', file: 'file-half', path: 'half.py', text: 'a\ud83db😀' } as const;
    const answer = ann.source.command(body);
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

  for (const resumeEvents of [5_000, 0]) {
    it(`are carried out once when the answer was lost (${resumeEvents > 0 ? 'events' : 'keyframe'})`, async () => {
      const stage = new Stage('hello', { resumeEvents });
      const ann = await stage.join(1);
      const answer = ann.source.command({
        kind: 'file.create',
        file: 'file-util',
        path: 'util.py',
        text: '',
      });
      await stage.written();
      while (ann.connection!.deliver('up'));
      expect(stage.server.fold.state.files.size).toBe(2);
      stage.server.cut(ann.connection!);
      await stage.quiet(3_000);
      expect(await answer).toMatchObject({ ok: true });
    });

    it(`are sent again when they were lost (${resumeEvents > 0 ? 'events' : 'keyframe'})`, async () => {
      const stage = new Stage('hello', { resumeEvents });
      const ann = await stage.join(1);
      const answer = ann.source.command({
        kind: 'file.create',
        file: 'file-util',
        path: 'util.py',
        text: '',
      });
      await stage.written();
      stage.server.cut(ann.connection!);
      await stage.quiet(3_000);
      expect(await answer).toMatchObject({ ok: true });
    });
  }

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

describe('an edit that the room does not take', () => {
  it('because its author may only view now: is taken back, with all that followed, and kept in a notice', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(0, 0, 'mine ');
    stage.server.setRole(person(1), 'viewer');
    ann.type(5, 0, 'too ');
    await stage.quiet();
    expect(ann.text()).toBe('hello');
    expect(ann.source.view().you?.role).toBe('viewer');
    expect(ann.source.view().save.kind).toBe('saved');
    expect(ann.source.view().notices).toMatchObject([
      { error: { code: 'role.viewer' }, path: 'main.py', typed: 'mine too ', text: 'mine too hello' },
    ]);
  });

  it('because it is too large: is taken back alone, and what followed stays', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.refuse = ({ body }) =>
      body.kind === 'edit' && body.op.some((part) => typeof part === 'string' && part.length > 100)
        ? 'file.tooLarge'
        : null;
    const large = 'x'.repeat(101);
    ann.type(0, 0, large);
    ann.type(106, 0, '!');
    await stage.quiet();
    expect(ann.text()).toBe('hello!');
    expect(stage.server.text()).toBe('hello!');
    expect(ann.source.view().notices).toMatchObject([{ error: { code: 'file.tooLarge' }, typed: large }]);
  });

  it('because no message could carry it: is taken back without being sent', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const huge = 'x'.repeat(LIMITS.fileUnits + 1);
    ann.type(0, 0, huge);
    ann.type(huge.length + 5, 0, '!');
    await stage.quiet();
    expect(ann.text()).toBe('hello!');
    expect(stage.server.text()).toBe('hello!');
    expect(edits(stage)).toHaveLength(1);
    expect(ann.source.view().notices).toMatchObject([{ error: { code: 'file.tooLarge' }, typed: huge }]);
  });

  it('because there were too many: waits and goes again', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    let refusals = 2;
    stage.server.refuse = () => (refusals-- > 0 ? 'rate.exceeded' : null);
    ann.type(0, 0, 'x');
    await stage.quiet(6_000);
    expect(stage.server.text()).toBe('xhello');
    expect(ann.source.view().notices).toEqual([]);
  });

  it('because the file is gone: is kept in a notice, through a reload, until it was seen', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(5, 0, ' unsaved');
    stage.server.append({ kind: 'file.deleted', file: FILE });
    await stage.quiet();
    expect(ann.source.document(FILE)).toBeNull();
    await stage.written();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await stage.quiet();
    const [notice] = again.source.view().notices;
    expect(notice).toMatchObject({ path: 'main.py', typed: ' unsaved', text: 'hello unsaved' });
    again.source.dismissNotice(notice!.id);
    expect(again.source.view().notices).toEqual([]);
    await stage.written();
    again.crash();
    const third = again.browser.open(again.memory);
    await stage.quiet();
    expect(third.source.view().notices).toEqual([]);
  });
});

describe('the end of a visit', () => {
  it('leaves what was not saved in a notice and in the record, once, however often one comes back', async () => {
    const stage = new Stage();
    let tab = await stage.join(1);
    stage.server.kill();
    tab.type(5, 0, ' unsaved');
    await stage.written();
    stage.server.refuseJoin = refusal('room.removed');
    stage.server.start();
    for (let visit = 0; visit < 3; visit++) {
      await stage.quiet(20_000);
      expect(tab.source.view().connection).toEqual({ kind: 'closed', error: refusal('room.removed') });
      expect(tab.source.view().notices).toMatchObject([{ typed: ' unsaved', text: 'hello unsaved' }]);
      tab.crash();
      tab = tab.browser.open(tab.memory);
    }
    stage.server.refuseJoin = null;
    await stage.quiet(3_000);
    expect(stage.server.text()).toBe('hello unsaved');
  });
});

describe('a client that the server does not know any more', () => {
  it('joins again and has its command carried out', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    let unknown = true;
    stage.server.refuse = () => {
      if (!unknown) return null;
      unknown = false;
      return 'protocol.unjoined';
    };
    const answer = ann.source.command({ kind: 'file.create', file: 'file-util', path: 'util.py', text: '' });
    await stage.quiet(3_000);
    expect(await answer).toMatchObject({ ok: true });
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

describe('a copy that has diverged', () => {
  it('is found by its hash and healed under what is being typed', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    const stage = new Stage('one two three');
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    ann.source.document(FILE);
    // The edit that ann is told is not the one in the log.
    const seq = stage.server.fold.seq + 1;
    const { listener } = ann.connection!;
    bob.type(4, 3, 'TWO');
    await stage.written();
    while (bob.connection!.deliver('up'));
    ann.connection!.down = [];
    listener.events([
      { seq, at: 0, actor: null, body: { kind: 'edit', file: FILE, version: 1, op: [4, -3, 'wrong'] } },
    ]);
    expect(ann.text()).toBe('one wrong three');
    for (let i = 0; i < 45; i++) {
      bob.type(0, 0, '.');
      await stage.quiet(0);
    }
    stage.server.kill();
    stage.server.start();
    await stage.quiet(6_000);
    ann.type(ann.text()!.length, 0, '!');
    await stage.quiet(12_000);
    expect(stage.server.text()).toBe(`${'.'.repeat(45)}one TWO three!`);
    expect(ann.text()).toBe(stage.server.text());
    expect(complained).toHaveBeenCalled();
    const [report, ...more] = stage.server.healed;
    expect(more).toEqual([]);
    expect(report).toMatchObject({ file: FILE, units: 60, differsAt: 49 });
    complained.mockRestore();
  });
});

describe('what a page measures', () => {
  it('is the way to the server and back, and from the first key to the database', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    expect(ann.source.measures().saves).toEqual([]);
    const before = ann.source.measures().roundTrips.length;
    ann.type(0, 0, 'a');
    stage.clock.advance(100);
    ann.type(1, 0, 'b');
    await stage.quiet();
    await stage.quiet(10_000);
    const { saves, roundTrips } = ann.source.measures();
    expect(saves).toHaveLength(2);
    for (const { ms } of saves) expect(ms).toBeGreaterThanOrEqual(100);
    expect(roundTrips.length).toBeGreaterThan(before);
    await stage.quiet(6 * 60_000);
    ann.type(0, 0, 'c');
    await stage.quiet();
    expect(ann.source.measures().saves).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('writes down what is pending and sets the client free for the next visit', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(0, 0, 'a');
    ann.source.close();
    await stage.written();
    const again = ann.browser.open(new Map());
    await settle();
    expect(again.client).toBe(ann.client);
    expect(again.text()).toBe('ahello');
  });

  it('is what a closed document does quietly', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const document = ann.source.document(FILE)!;
    stage.server.append({ kind: 'file.deleted', file: FILE });
    await stage.quiet();
    document.edit(['late'], false);
    expect(document.undo()).toBeNull();
    expect(document.remoteCursors()).toEqual([]);
  });
});
