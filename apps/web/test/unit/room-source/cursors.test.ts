import { apply, fromEdits, transformPosition } from '@codesync/ot';
import { chance } from '@codesync/ot/testing/property';
import { settle } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionBefore } from '../../../src/room-source/positions.ts';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import type { Tab } from './support/tab.ts';
import { person } from './support/tab.ts';

/** Where `tab` sees the one other cursor, as the text with a bar in it. */
function seen(tab: Tab): string {
  const [cursor] = tab.source.document(FILE)!.remoteCursors();
  const text = tab.text()!;
  return cursor === undefined ? text : `${text.slice(0, cursor.head)}|${text.slice(cursor.head)}`;
}

function typeAt(tab: Tab, at: number, text: string): void {
  tab.type(at, 0, text);
  tab.source.setCursor({ file: FILE, anchor: at + text.length, head: at + text.length });
}

async function two(text = 'hello'): Promise<{ stage: Stage; ann: Tab; bob: Tab }> {
  const stage = new Stage(text);
  const [ann, bob] = [await stage.join(1), await stage.join(2)];
  ann.source.document(FILE);
  bob.source.document(FILE);
  return { stage, ann, bob };
}

describe("another's cursor", () => {
  it('is where they are, by name and colour', async () => {
    const { stage, ann, bob } = await two();
    ann.source.setCursor({ file: FILE, anchor: 1, head: 3 });
    await stage.quiet();
    const { name, hue } = person(1);
    expect(bob.source.document(FILE)!.remoteCursors()).toMatchObject([
      { client: ann.client, participant: person(1).id, name, hue, anchor: 1, head: 3 },
    ]);
    expect(bob.source.view().whereabouts).toEqual(new Map([[person(1).id, FILE]]));
    expect(ann.source.view().whereabouts).toEqual(new Map());
    ann.source.setCursor(null);
    await stage.quiet();
    expect(bob.source.document(FILE)!.remoteCursors()).toEqual([]);
    expect(bob.source.view().whereabouts).toEqual(new Map());
  });

  it('stands nowhere while their connection is lost, and comes back where it is by then', async () => {
    const { stage, ann, bob } = await two();
    ann.source.setCursor({ file: FILE, anchor: 2, head: 2 });
    await stage.quiet();
    let moved = 0;
    bob.source.document(FILE)!.onCursors(() => moved++);
    bob.connection!.listener.lost({ clients: [ann.client], people: [person(1).id] });
    expect(moved).toBe(1);
    expect(seen(bob)).toBe('hello');
    expect(bob.source.view()).toMatchObject({ lost: new Set([person(1).id]), whereabouts: new Map() });
    bob.type(0, 0, '> ');
    await stage.quiet();
    bob.connection!.listener.lost({ clients: [], people: [] });
    expect(seen(bob)).toBe('> he|llo');
    expect(bob.source.view()).toMatchObject({
      lost: new Set(),
      whereabouts: new Map([[person(1).id, FILE]]),
    });
  });

  it('stays right behind the word that they type, whatever is in flight', async () => {
    const holds = fc.asyncProperty(chance(), async (random) => {
      const { stage, ann, bob } = await two('one two');
      typeAt(ann, 3, '');
      await stage.quiet();
      const word = 'ABCDEFGHIJKL';
      let [typed, others] = [0, 0];
      for (let step = 0; step < 120; step++) {
        const choice = random.next();
        if (choice < 0.15 && typed < word.length) {
          const at = ann.text()!.search(/[A-L](?![A-L])/) + 1 || ann.text()!.indexOf('one') + 3;
          typeAt(ann, at, word[typed++]!);
        } else if (choice < 0.3 && others < 10) {
          // Bob types at the start and at the end; both ends of his text are in flight at times.
          if (random.next() < 0.5) bob.type(0, 0, `${others++}`);
          else bob.type(bob.text()!.length, 0, `${others++}`);
        } else if (choice < 0.8) {
          const connection = random.next() < 0.5 ? ann.connection : bob.connection;
          connection?.deliver(random.next() < 0.5 ? 'up' : 'down');
        } else if (choice < 0.9) {
          await settle(2);
        } else {
          stage.clock.advance(20);
        }
        expect(seen(bob)).toMatch(/^\d*one[A-L]*\| two\d*$/);
      }
      await stage.quiet();
      expect(seen(bob)).toMatch(/^\d*one[A-L]*\| two\d*$/);
      expect(bob.text()).toBe(ann.text());
    });
    await fc.assert(holds, { numRuns: 40 });
  });

  it('moves on with what they insert, and stays before what I insert there', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    bob.type(5, 0, ' bob');
    expect(seen(bob)).toBe('hello| bob');
    await stage.quiet();
    expect(seen(bob)).toBe('hello| bob');
    typeAt(ann, 5, ' ann');
    await stage.quiet();
    expect(seen(bob)).toBe('hello ann| bob');
  });

  it('waits for the version that it was told for', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 0, '');
    await stage.quiet();
    const connection = bob.connection!;
    typeAt(ann, 0, 'abc');
    await stage.written();
    while (ann.connection!.deliver('up'));
    while (ann.connection!.deliver('down'));
    ann.source.setCursor({ file: FILE, anchor: 1, head: 1 });
    await stage.written();
    while (ann.connection!.deliver('up'));
    // The presence overtakes the edit.
    const [edit, presence] = connection.down.splice(0);
    presence!();
    expect(seen(bob)).toBe('|hello');
    edit!();
    expect(seen(bob)).toBe('a|bchello');
  });

  it('is corrected when they moved inside of what was in flight', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 5, ' world');
    ann.source.setCursor({ file: FILE, anchor: 6, head: 6 });
    await stage.quiet();
    expect(seen(bob)).toBe('hello |world');
  });

  it('goes after half a minute of silence, and heartbeats prevent that', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 2, '');
    for (let i = 0; i < 12; i++) await stage.quiet(5_000);
    expect(seen(bob)).toBe('he|llo');
    ann.crash();
    for (let i = 0; i < 8; i++) await stage.quiet(5_000);
    expect(seen(bob)).toBe('hello');
  });

  it('is carried through the edits that a newcomer did not see', async () => {
    const { stage, ann } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    const carl = await stage.join(3);
    carl.source.document(FILE);
    expect(seen(carl)).toBe('hello|');
    stage.server.append({ kind: 'edit', file: FILE, version: 1, op: ['>> '] });
    await stage.quiet();
    expect(seen(carl)).toBe('>> hello|');
  });

  it('tells when its owner typed, not when they moved or the text around it did', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    const typedAt = () => bob.source.document(FILE)!.remoteCursors()[0]!.typedAt;
    expect(typedAt()).toBe(0);
    bob.type(0, 0, 'x');
    ann.source.setCursor({ file: FILE, anchor: 2, head: 2 });
    await stage.quiet(11_000);
    expect(typedAt()).toBe(0);
    typeAt(ann, 6, '!');
    await stage.quiet();
    const first = typedAt();
    expect(first).toBeGreaterThan(0);
    // A key that takes away what is behind the cursor leaves it where it is.
    stage.clock.advance(1_000);
    ann.source.setCursor({ file: FILE, anchor: 2, head: 2 });
    ann.type(2, 1, '');
    await stage.quiet();
    expect(typedAt()).toBeGreaterThan(first);
  });
});

describe('the own cursor', () => {
  it('is told at most thirty times a second, and the last place always', async () => {
    const { stage, ann, bob } = await two('x'.repeat(200));
    await stage.quiet();
    const before = ann.presences;
    for (let i = 0; i < 100; i++) {
      ann.source.setCursor({ file: FILE, anchor: i, head: i });
      stage.clock.advance(10);
    }
    await stage.quiet();
    expect(ann.presences - before).toBeLessThanOrEqual(32);
    expect(bob.source.document(FILE)!.remoteCursors()).toMatchObject([{ head: 99 }]);
  });

  it('is not told again for typing, which carries it along', async () => {
    const { stage, ann } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    const before = ann.presences;
    for (let i = 0; i < 10; i++) {
      typeAt(ann, 5 + i, 'x');
      await stage.quiet(60);
    }
    expect(ann.presences).toBe(before);
  });
});

describe('positions', () => {
  const edit = fc.record({
    at: fc.nat(20),
    remove: fc.nat(5),
    insert: fc.string({ maxLength: 4, unit: 'grapheme-ascii' }),
  });

  it('go back through an operation and come forward again to where they were, but for inside of an insert', () => {
    fc.assert(
      fc.property(edit, fc.nat(30), ({ at, remove, insert }, where) => {
        const before = 'abcdefghijklmnopqrstuvwxyz';
        const op = fromEdits([{ at, remove, insert }]);
        const position = Math.min(where, apply(before, op).length);
        const back = positionBefore(position, op);
        if (position < at) expect(back).toBe(position);
        else if (position > at + insert.length) expect(back).toBe(position - insert.length + remove);
        else expect([at, at + remove]).toContain(back);
        const forth = transformPosition(back, op, 'right');
        if (position < at || position >= at + insert.length) expect(forth).toBe(position);
      }),
    );
  });
});
