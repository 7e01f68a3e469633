import { settle } from '@codesync/protocol/testing';
import { describe, expect, it } from 'vitest';
import { Stage } from './support/stage.ts';

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
