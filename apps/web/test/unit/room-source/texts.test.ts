import { apply, fromEdits, type Op } from '@codesync/ot';
import { fileId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TextChange } from '../../../src/room-source/types.ts';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import type { Tab } from './support/tab.ts';

const id = fileId(FILE);
const documentOf = (tab: Tab) => tab.source.document(id)!;

/** What `onTexts` tells of the room's one file, and the text that it amounts to. */
function follow(tab: Tab): { readonly changes: TextChange[]; readonly text: () => string | null } {
  const changes: TextChange[] = [];
  let text = tab.source.text(id);
  tab.source.onTexts((change) => {
    changes.push(change);
    text = change.op === null || text === null ? tab.source.text(id) : apply(text, change.op);
  });
  return { changes, text: () => text };
}

describe('the texts of a room', () => {
  test('are followed in files that nobody has opened here', async () => {
    const stage = new Stage('hello');
    const [ada, grace] = [await stage.join(1), await stage.join(2)];
    const seen = follow(grace);
    ada.type(5, 0, ', world');
    await stage.quiet();
    expect(seen.changes).toEqual([{ file: id, op: [5, ', world'], own: false }]);
    expect(grace.source.text(id)).toBe('hello, world');
  });

  test('are followed in open files, with what is typed here marked as own', async () => {
    const stage = new Stage('hello');
    const [ada, grace] = [await stage.join(1), await stage.join(2)];
    const seen = follow(ada);
    ada.type(0, 0, 'a');
    grace.type(5, 0, 'g');
    await stage.quiet();
    expect(seen.changes.map(({ own }) => own)).toEqual([true, false]);
    expect(seen.text()).toBe('ahellog');
    expect(ada.source.text(id)).toBe('ahellog');
  });
});

describe('a change from elsewhere than the editor', () => {
  test('is told to whoever shows the file, and is one step of undo between what is typed', async () => {
    const stage = new Stage('one two one');
    const ada = await stage.join(1);
    const shown: Op[] = [];
    documentOf(ada).onRemote((op) => shown.push(op));
    ada.type(0, 0, '(');
    documentOf(ada).change(
      fromEdits([
        { at: 1, remove: 3, insert: 'three' },
        { at: 9, remove: 3, insert: 'three' },
      ]),
    );
    ada.type(0, 0, ')');
    expect(shown).toHaveLength(1);
    expect(ada.text()).toBe(')(three two three');
    documentOf(ada).undo();
    expect(ada.text()).toBe('(three two three');
    documentOf(ada).undo();
    expect(ada.text()).toBe('(one two one');
    documentOf(ada).undo();
    expect(ada.text()).toBe('one two one');
  });

  test('[INV7] in a file that was never open is taken back whole, and what others typed stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.stringMatching(/^[x-z]{1,4}$/), async (at, typed) => {
        const stage = new Stage('a cat, a cat, a cat');
        const [ada, grace] = [await stage.join(1), await stage.join(2)];
        const before = ada.source.text(id)!;
        documentOf(ada).change(replaceAll(before, 'cat', 'dog'));
        await stage.quiet();
        grace.type(Math.min(at, before.length), 0, typed);
        await stage.quiet();
        documentOf(ada).undo();
        await stage.quiet();
        const after = grace.text()!;
        expect(ada.text()).toBe(after);
        expect(after.replace(typed, '')).toBe(before);
      }),
      { numRuns: 30 },
    );
  });
});

/** The operation that replaces every `from` by `to`. */
function replaceAll(text: string, from: string, to: string): Op {
  const found = [...text.matchAll(new RegExp(from, 'g'))];
  return fromEdits(found.map(({ index }) => ({ at: index, remove: from.length, insert: to })));
}
