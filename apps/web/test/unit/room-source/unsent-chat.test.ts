// What is said in the chat: never lost and never doubled, whatever becomes of the connection and of the page.
import { Random, seedOfTest } from '@codesync/ot/testing';
import { refusal } from '@codesync/protocol';
import { messageId, settle } from '@codesync/protocol/testing';
import { describe, expect, it } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import type { Tab } from './support/tab.ts';

const say = (tab: Tab, n: number) =>
  tab.source.command({ kind: 'chat.send', message: messageId(`message-${n}`), text: `word ${n}` });
const said = (tab: Tab) => [...tab.source.view().room.messages.values()].map(({ text }) => text);
const unsent = (tab: Tab) =>
  tab.source.view().unsent.map(({ body }) => (body.kind === 'chat.send' ? body.text : body.kind));

describe('what is said in the chat', () => {
  it('waits on this device without a connection, through a crash, and is sent once', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    stage.server.kill();
    void say(ann, 1);
    void say(ann, 2);
    await stage.written();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(unsent(again)).toEqual(['word 1', 'word 2']);
    stage.server.start();
    await stage.quiet(9_000);
    expect([said(again), said(bob)]).toEqual(Array(2).fill(['word 1', 'word 2']));
    expect(unsent(again)).toEqual([]);
  });

  it('is there as the page goes away, even when nothing asynchronous ends any more', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    void say(ann, 1);
    await settle(1);
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(unsent(again)).toEqual(['word 1']);
  });

  it('counts once when the answer was lost, also after a reload', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    void say(ann, 1);
    await stage.written();
    while (ann.connection!.deliver('up'));
    stage.server.cut(ann.connection!);
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(unsent(again)).toEqual(['word 1']);
    await stage.quiet(9_000);
    expect([said(again), unsent(again)]).toEqual([['word 1'], []]);
  });

  it('of a tab that is gone is sent by another one', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    void say(ann, 1);
    await stage.written();
    ann.crash();
    stage.server.start();
    const first = ann.browser.open();
    const second = ann.browser.open();
    await stage.quiet(9_000);
    expect([said(first), said(second)]).toEqual([['word 1'], ['word 1']]);
  });

  it('is sent again when the server cannot take it just now', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.refuse = () => 'chat.tooOften';
    void say(ann, 1);
    await stage.quiet();
    expect(unsent(ann)).toEqual(['word 1']);
    stage.server.refuse = () => null;
    await stage.quiet(3_000);
    expect([said(ann), unsent(ann)]).toEqual([['word 1'], []]);
  });

  it('and will never be taken comes back as a notice with its words', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.refuse = () => 'chat.exists';
    const answer = say(ann, 1);
    await stage.quiet();
    expect(await answer).toEqual({ ok: false, error: refusal('chat.exists') });
    expect(ann.source.view().notices).toMatchObject([{ typed: 'word 1', error: { code: 'chat.exists' } }]);
    expect(unsent(ann)).toEqual([]);
  });

  it('is there once and in order after any cuts', async () => {
    const seed = seedOfTest();
    const random = new Random(seed);
    const stage = new Stage();
    const ann = await stage.join(1);
    for (let n = 0; n < 40; n++) {
      void say(ann, n);
      ann.type(0, 0, 'x');
      if (random.below(2) === 0) await stage.written();
      for (let i = random.below(4); i > 0; i--)
        ann.connection?.deliver(random.below(2) === 0 ? 'up' : 'down');
      if (random.below(3) === 0 && ann.connection !== null) stage.server.cut(ann.connection);
      if (random.below(4) === 0) await stage.quiet(2_000);
    }
    await stage.quiet(20_000);
    const all = Array.from({ length: 40 }, (_, n) => `word ${n}`);
    expect([said(ann), unsent(ann)], `seed ${seed}`).toEqual([all, []]);
  });
});

describe('a place that a message points at', () => {
  it('is where its text is on the screen, with what is not sent yet and with what others type', async () => {
    const stage = new Stage('one two three');
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    const shown = (tab: Tab) => {
      const { from, to } = tab.source.placeOf(messageId('message-1'))!;
      return tab.source.document(FILE)!.text().slice(from, to);
    };
    ann.type(0, 0, 'zero ');
    const { version, start, end } = ann.source.logged(FILE, { start: 9, end: 12 })!;
    expect([version, start, end]).toEqual([0, 4, 7]);
    const place = { file: FILE, version, from: start, to: end };
    void ann.source.command({ kind: 'chat.send', message: messageId('message-1'), text: 'this', place });
    bob.type(0, 0, 'bob ');
    await stage.quiet(3_000);
    expect([shown(ann), shown(bob)]).toEqual(['two', 'two']);
    bob.type(0, 0, 'again ');
    ann.type(0, 0, 'here ');
    expect([shown(ann), shown(bob)]).toEqual(['two', 'two']);
    await stage.quiet(3_000);
    expect([shown(ann), shown(bob)]).toEqual(['two', 'two']);
  });
});
