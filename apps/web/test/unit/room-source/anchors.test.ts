// Where comments are in the text on the screen, with what is typed there and is not in the log yet.
import { commentId, fileId, messageId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import type { Tab } from './support/tab.ts';

const id = fileId(FILE);
const WHY = commentId('comment-why');

function words(tab: Tab): string | undefined {
  const range = tab.source.anchors(id).get(WHY);
  return range === undefined ? undefined : tab.source.text(id)!.slice(range.start, range.end);
}

async function commented(tab: Tab, stage: Stage, start: number, end: number): Promise<void> {
  const place = tab.source.logged(id, { start, end })!;
  void tab.source.command({ kind: 'comment.open', comment: WHY, file: id, ...place, text: 'Why?' });
  await stage.quiet();
}

describe('a comment on the screen', () => {
  test('stays on its words while they are typed around, before the server has heard of it', async () => {
    const stage = new Stage('one two three');
    const [ada, grace] = [await stage.join(1), await stage.join(2)];
    await commented(ada, stage, 4, 7);
    expect([words(ada), words(grace)]).toEqual(['two', 'two']);
    grace.type(0, 0, 'zero ');
    grace.type(10, 0, '-');
    expect(words(grace)).toBe('t-wo');
    ada.type(4, 0, '(');
    expect(words(ada)).toBe('two');
    await stage.quiet();
    expect([words(ada), words(grace)]).toEqual(['t-wo', 't-wo']);
  });

  test('is told the server in the place that it has in the log', async () => {
    const stage = new Stage('one two three');
    const [ada, grace] = [await stage.join(1), await stage.join(2)];
    ada.type(0, 0, 'zero ');
    expect(ada.source.logged(id, { start: 9, end: 12 })).toEqual({ version: 0, start: 4, end: 7 });
    expect(ada.source.logged(fileId('file-none'), { start: 0, end: 0 })).toBeNull();
    await commented(ada, stage, 9, 12);
    expect([words(ada), words(grace)]).toEqual(['two', 'two']);
  });

  test('stays with its words in a copy that has diverged and is healed', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    const stage = new Stage('one two three');
    const [ada, grace] = [await stage.join(1), await stage.join(2)];
    await commented(ada, stage, 8, 13);
    const message = messageId('message-1');
    const place = { file: id, version: 0, from: 8, to: 13 };
    void ada.source.command({ kind: 'chat.send', message, text: 'this', place });
    await stage.quiet();
    const pointed = () => {
      const { from, to } = ada.source.placeOf(message)!;
      return ada.source.text(id)!.slice(from, to);
    };
    ada.source.document(id);
    // The edit that Ada is told is not the one in the log.
    const seq = stage.server.fold.seq + 1;
    const { listener } = ada.connection!;
    grace.type(4, 3, 'TWO');
    await stage.written();
    while (grace.connection!.deliver('up'));
    ada.connection!.down = [];
    listener.events([
      { seq, at: 0, actor: null, body: { kind: 'edit', file: FILE, version: 1, op: [4, -3, 'wrong'] } },
    ]);
    expect([words(ada), pointed()]).toEqual(['three', 'three']);
    for (let i = 0; i < 45; i++) {
      grace.type(0, 0, '.');
      await stage.quiet(0);
    }
    stage.server.kill();
    stage.server.start();
    await stage.quiet(6_000);
    ada.type(ada.text()!.length, 0, '!');
    await stage.quiet(12_000);
    expect(stage.server.healed).toHaveLength(1);
    expect(ada.text()).toBe(stage.server.text());
    expect([words(ada), pointed()]).toEqual(['three', 'three']);
    complained.mockRestore();
  });

  test('is on the same words on all pages once all is told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ who: fc.nat(1), at: fc.nat(40), cut: fc.nat(3), type: fc.string({ maxLength: 3 }) }),
          {
            maxLength: 8,
          },
        ),
        async (strokes) => {
          const stage = new Stage('one two three');
          const tabs = [await stage.join(1), await stage.join(2)] as const;
          await commented(tabs[0], stage, 4, 7);
          for (const { who, at, cut, type } of strokes) {
            const tab = tabs[who]!;
            const length = tab.source.text(id)!.length;
            const from = Math.min(at, length);
            tab.type(from, Math.min(cut, length - from), type.replace(/[^a-z]/g, 'x'));
          }
          await stage.quiet();
          const at = tabs.map((tab) => tab.source.anchors(id).get(WHY));
          expect(at[0]).toEqual(at[1]);
          expect(at[0]).toEqual(stage.server.fold.texts.get(id)!.anchors!.get(WHY));
        },
      ),
      { numRuns: 30 },
    );
  });
});
