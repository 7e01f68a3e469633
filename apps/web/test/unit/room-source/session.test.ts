import { fileId } from '@codesync/protocol/testing';
import { describe, expect, it, vi } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';

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
    const answer = ann.source.command({
      kind: 'file.create',
      file: fileId('file-util'),
      path: 'util.py',
      text: '',
    });
    await stage.quiet(3_000);
    expect(await answer).toMatchObject({ ok: true });
  });
});
