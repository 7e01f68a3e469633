import { refusal } from '@codesync/protocol';
import { settle } from '@codesync/protocol/testing';
import { describe, expect, it } from 'vitest';
import { Stage } from './support/stage.ts';

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
