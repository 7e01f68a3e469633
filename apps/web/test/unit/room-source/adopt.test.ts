import { clientId, fileId, roomId, settle } from '@codesync/protocol/testing';
import { describe, expect, it, vi } from 'vitest';
import { indexedDbRecords } from '../../../src/room-source/record-store.ts';
import { FILE, ROOM } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import { person } from './support/tab.ts';

describe('which client a tab is', () => {
  it('is the same one after a reload', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const { client } = ann;
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await stage.quiet();
    expect(again.client).toBe(client);
  });

  it('is another one in a duplicated tab, though it remembers the same', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const { client } = ann;
    const twin = ann.browser.open(new Map(ann.memory));
    await stage.quiet();
    expect(twin.client).not.toBe(client);
    ann.type(0, 0, 'a');
    twin.source.document(fileId('file-main'));
    twin.type(5, 0, 'z');
    await stage.quiet();
    expect(stage.server.text()).toBe('ahelloz');
  });

  it('is one that a crashed tab left with unsaved edits, before one that only makes the start faster', async () => {
    const stage = new Stage();
    const browser = stage.browser(1);
    const unsaved = browser.open();
    const saved = browser.open();
    await stage.quiet(3_000);
    stage.server.kill();
    unsaved.type(5, 0, ' left behind');
    await stage.written();
    const { client } = unsaved;
    unsaved.crash();
    saved.crash();
    const next = browser.open();
    await settle();
    expect(next.client).toBe(client);
    expect(next.text()).toBe('hello left behind');
  });

  it('is new where the storage holds only what somebody else left', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(5, 0, ' private');
    await stage.written();
    ann.crash();
    const bob = ann.browser.open(new Map(), person(2));
    await settle();
    expect(bob.client).not.toBe(ann.client);
    expect(bob.source.view().ready).toBe(false);
    expect(bob.source.view().you).toBeNull();
  });

  it('is new where the server knows the old one as another person', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const { client } = ann;
    await stage.written();
    ann.crash();
    // Nobody knows yet who this is; the server does.
    const bob = ann.browser.open(ann.memory, person(2), null);
    await stage.quiet(3_000);
    expect(bob.client).not.toBe(client);
    expect(bob.source.view()).toMatchObject({ connection: { kind: 'online' }, you: { name: 'Person 2' } });
    bob.source.document(fileId('file-main'));
    bob.type(0, 0, 'bob ');
    await stage.quiet();
    expect(stage.server.text()).toBe('bob hello');
  });

  it('is new where what was kept makes no sense', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(0, 0, 'x');
    await stage.quiet(3_000);
    const { client } = ann;
    ann.crash();
    const store = indexedDbRecords(ann.browser.database, ann.browser.lastWords);
    const { record, keyframe } = (await store.load(ROOM, client))!;
    const pending = [
      { file: FILE, client: { version: 9, inFlight: { clientSeq: 1, op: [99, 'x'] }, buffer: null } },
    ];
    await store.write({ record: { ...record, pending }, keyframe, events: [] });
    const again = ann.browser.open(ann.memory);
    await stage.quiet(3_000);
    expect(complained).toHaveBeenCalledOnce();
    complained.mockRestore();
    warned.mockRestore();
    expect(again.client).not.toBe(client);
    expect(again.text()).toBe('xhello');
  });

  it('is new where there is no storage', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const stage = new Stage();
    const ann = await stage.join(1);
    const { client } = ann;
    ann.crash();
    ann.browser.storageGone = true;
    const again = ann.browser.open(ann.memory);
    await stage.quiet();
    expect(warned).toHaveBeenCalled();
    warned.mockRestore();
    expect(again.client).not.toBe(client);
    again.source.document(fileId('file-main'));
    again.type(0, 0, 'x');
    await stage.quiet();
    expect(stage.server.text()).toBe('xhello');
  });
});

describe('what several crashed tabs left', () => {
  it('is all saved by the one tab that comes back', async () => {
    const stage = new Stage();
    const browser = stage.browser(1);
    const tabs = [browser.open(), browser.open(), browser.open()];
    await stage.quiet(3_000);
    stage.server.kill();
    for (const [i, tab] of tabs.entries()) {
      tab.source.document(fileId('file-main'));
      tab.type(5, 0, ` tab${i}`);
    }
    await stage.written();
    for (const tab of tabs) tab.crash();
    stage.server.start();
    const back = browser.open();
    await stage.quiet(6_000);
    const text = stage.server.text();
    for (const i of [0, 1, 2]) expect(text.split(`tab${i}`)).toHaveLength(2);
    expect(back.text()).toBe(text);
    const records = await indexedDbRecords(browser.database).list();
    expect(records.flatMap(({ pending }) => pending)).toEqual([]);
  });
});

describe('records that nobody needs', () => {
  const clients = async (database: string) =>
    (await indexedDbRecords(database).list()).map(({ client }) => client);

  it('are removed when another tab of the room has the same and better', async () => {
    const stage = new Stage();
    const browser = stage.browser(1);
    const tabs = [browser.open(), browser.open(), browser.open()];
    await stage.quiet(3_000);
    expect(await clients(browser.database)).toHaveLength(3);
    for (const tab of tabs) tab.crash();
    const last = browser.open();
    await stage.quiet(3_000);
    expect(await clients(browser.database)).toEqual([last.client]);
  });

  it('stay while their tab is open, and while something in them is not saved', async () => {
    const stage = new Stage();
    const browser = stage.browser(1);
    const open = browser.open();
    const unsaved = browser.open();
    await stage.quiet(3_000);
    stage.server.kill();
    unsaved.type(0, 0, 'x');
    await stage.written();
    const orphan = unsaved.client;
    unsaved.crash();
    // Two tabs: the first takes over what the crashed one left.
    const heir = browser.open();
    const third = browser.open();
    await stage.quiet(3_000);
    expect(heir.client).toBe(orphan);
    expect(new Set(await clients(browser.database))).toEqual(new Set([open.client, heir.client]));
    expect(third.source.view().ready).toBe(false);
  });

  it('of other rooms stay for a month, and are then forgotten', async () => {
    const stage = new Stage();
    const browser = stage.browser(1);
    const ann = browser.open();
    await stage.quiet(3_000);
    const store = indexedDbRecords(browser.database);
    const mine = (await store.load(ROOM, ann.client))!;
    const other = {
      ...mine.record,
      room: roomId('other-room-other-room2'),
      client: clientId('other-client-other-c'),
    };
    await store.write({ record: other, keyframe: mine.keyframe, events: [] });
    ann.crash();
    const again = browser.open(ann.memory);
    await stage.quiet(3_000);
    expect(await clients(browser.database)).toHaveLength(2);
    again.crash();
    stage.clock.sleep(31 * 24 * 3_600_000);
    browser.open(ann.memory);
    await stage.quiet(3_000);
    expect(await clients(browser.database)).toEqual([ann.client]);
  });
});
