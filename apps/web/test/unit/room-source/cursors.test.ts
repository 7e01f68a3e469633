import { apply, fromEdits, transformPosition } from '@codesync/ot';
import { chance } from '@codesync/ot/testing/property';
import { LIMITS } from '@codesync/protocol';
import { settle, terminalId } from '@codesync/protocol/testing';
import { spanBefore } from '@codesync/room';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDLE_MS } from '../../../src/room-source/attention.ts';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import type { Tab } from './support/tab.ts';
import { person } from './support/tab.ts';

/** Where `tab` sees the cursors of the one other tab, as the text with bars in it. */
function seen(tab: Tab): string {
  const [cursors] = tab.source.document(FILE)!.remoteCursors();
  let text = tab.text()!;
  const heads = cursors?.spans.map(({ head }) => head) ?? [];
  for (const head of heads.sort((a, b) => b - a)) text = `${text.slice(0, head)}|${text.slice(head)}`;
  return text;
}

const at = (head: number) => ({ anchor: head, head });

function typeAt(tab: Tab, at: number, text: string): void {
  tab.type(at, 0, text);
  tab.source.setCursors({ file: FILE, spans: [{ anchor: at + text.length, head: at + text.length }] });
}

/** The file in which `tab` sees a person; undefined where it sees nothing of them. */
const whereIs = (tab: Tab, index: number) => tab.source.view().activities.get(person(index).id)?.file;

async function two(text = 'hello'): Promise<{ stage: Stage; ann: Tab; bob: Tab }> {
  const stage = new Stage(text);
  const [ann, bob] = [await stage.join(1), await stage.join(2)];
  ann.source.document(FILE);
  bob.source.document(FILE);
  return { stage, ann, bob };
}

/** Lets time pass, in which the server tells again who is here. */
async function pass(stage: Stage, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await stage.quiet(5_000);
    stage.server.refreshPresence();
  }
}

describe("another's cursor", () => {
  it('is where they are, by name and colour', async () => {
    const { stage, ann, bob } = await two();
    ann.source.setCursors({ file: FILE, spans: [{ anchor: 1, head: 3 }] });
    await stage.quiet();
    const { name, hue } = person(1);
    expect(bob.source.document(FILE)!.remoteCursors()).toMatchObject([
      { client: ann.client, participant: person(1).id, name, hue, spans: [{ anchor: 1, head: 3 }] },
    ]);
    expect(whereIs(bob, 1)).toBe(FILE);
    expect([...ann.source.view().activities.keys()]).toEqual([person(2).id]);
    ann.source.setCursors(null);
    await stage.quiet();
    expect(bob.source.document(FILE)!.remoteCursors()).toEqual([]);
    expect(whereIs(bob, 1)).toBeNull();
  });

  it('stands nowhere while their connection is lost, and comes back where it is by then', async () => {
    const { stage, ann, bob } = await two();
    ann.source.setCursors({ file: FILE, spans: [{ anchor: 2, head: 2 }] });
    await stage.quiet();
    let moved = 0;
    bob.source.document(FILE)!.onCursors(() => moved++);
    bob.connection!.listener.lost({ clients: [ann.client], people: [person(1).id] });
    expect(moved).toBe(1);
    expect(seen(bob)).toBe('hello');
    expect(bob.source.view()).toMatchObject({ lost: new Set([person(1).id]), activities: new Map() });
    bob.type(0, 0, '> ');
    await stage.quiet();
    bob.connection!.listener.lost({ clients: [], people: [] });
    expect(seen(bob)).toBe('> he|llo');
    expect(bob.source.view().lost).toEqual(new Set());
    expect(whereIs(bob, 1)).toBe(FILE);
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
    ann.source.setCursors({ file: FILE, spans: [{ anchor: 1, head: 1 }] });
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
    ann.source.setCursors({ file: FILE, spans: [{ anchor: 6, head: 6 }] });
    await stage.quiet();
    expect(seen(bob)).toBe('hello |world');
  });

  it('goes half a minute after it was last told of', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 2, '');
    await pass(stage, 60_000);
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

  it('is exact for who comes later, whatever was typed since it moved last', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    for (let i = 0; i < 5; i++) bob.type(0, 0, '>');
    await stage.quiet();
    const carl = await stage.join(3);
    carl.source.document(FILE);
    expect(carl.source.document(FILE)!.remoteCursors()).toContainEqual(
      expect.objectContaining({ client: ann.client, spans: [{ anchor: 10, head: 10 }] }),
    );
  });

  it('is one of several, and each stays where it is', async () => {
    const { stage, ann, bob } = await two('one two three');
    ann.source.setCursors({ file: FILE, spans: [at(3), at(7), at(13)] });
    await stage.quiet();
    expect(seen(bob)).toBe('one| two| three|');
    bob.type(4, 3, 'zwei');
    bob.type(0, 0, '> ');
    await stage.quiet();
    expect(seen(bob)).toBe('> one| |zwei three|');
  });

  it('is one of no more than the others are told of, the main one first', async () => {
    const { stage, ann, bob } = await two('x'.repeat(200));
    ann.source.setCursors({ file: FILE, spans: Array.from({ length: 200 }, (_, i) => at(199 - i)) });
    await stage.quiet();
    const [cursors] = bob.source.document(FILE)!.remoteCursors();
    expect(cursors!.spans).toHaveLength(LIMITS.cursors);
    expect(cursors!.spans[0]).toEqual(at(199));
  });

  it('tells when its owner typed, not when they moved or the text around it did', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    const typedAt = () => bob.source.document(FILE)!.remoteCursors()[0]!.typedAt;
    expect(typedAt()).toBe(0);
    bob.type(0, 0, 'x');
    ann.source.setCursors({ file: FILE, spans: [{ anchor: 2, head: 2 }] });
    await stage.quiet(11_000);
    expect(typedAt()).toBe(0);
    typeAt(ann, 6, '!');
    await stage.quiet();
    const first = typedAt();
    expect(first).toBeGreaterThan(0);
    // A key that takes away what is behind the cursor leaves it where it is.
    stage.clock.advance(1_000);
    ann.source.setCursors({ file: FILE, spans: [{ anchor: 2, head: 2 }] });
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
    let [second, most] = [ann.presences, 0];
    for (let i = 0; i < 200; i++) {
      if (i % 100 === 0) second = ann.presences;
      ann.source.setCursors({ file: FILE, spans: [{ anchor: i, head: i }] });
      stage.clock.advance(10);
      while (ann.connection!.deliver('up'));
      most = Math.max(most, ann.presences - second);
    }
    await stage.quiet();
    expect(most).toBeGreaterThan(25);
    expect(most).toBeLessThanOrEqual(30);
    expect(ann.presences - before).toBeLessThanOrEqual(60);
    expect(bob.source.document(FILE)!.remoteCursors()).toMatchObject([{ spans: [{ head: 199 }] }]);
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

describe('somebody alone', () => {
  it('tells nothing, and tells at once where they are when somebody comes', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.source.document(FILE);
    typeAt(ann, 5, '!');
    ann.page.show(false);
    for (let i = 0; i < 20; i++) await stage.quiet(5_000);
    ann.page.show(true);
    expect(ann.presences).toBe(0);
    const bob = await stage.join(2);
    expect(ann.presences).toBe(1);
    expect(seen(bob)).toBe('hello!|');
    await bob.source.close();
  });

  it('is not somebody with a second tab: each shows where the other is', async () => {
    const stage = new Stage();
    const browser = stage.browser(1);
    const first = browser.open();
    await stage.quiet();
    first.source.document(FILE);
    typeAt(first, 2, '');
    const second = browser.open();
    await stage.quiet();
    second.source.document(FILE);
    expect(seen(second)).toBe('he|llo');
    expect(second.source.view().activities.has(person(1).id)).toBe(true);
  });

  it('is who stays when the last other one is heard of no more', async () => {
    const { stage, ann, bob } = await two();
    bob.crash();
    for (let i = 0; i < 8; i++) await stage.quiet(5_000);
    const before = ann.presences;
    typeAt(ann, 0, 'x');
    await stage.quiet();
    expect(ann.presences).toBe(before);
  });
});

describe('what somebody does', () => {
  const does = (tab: Tab) => tab.source.view().activities.get(person(1).id);

  it('is idle after a minute without a key or the mouse, away while the tab is out of sight, and active again', async () => {
    const { stage, ann, bob } = await two();
    await pass(stage, IDLE_MS / 2);
    ann.page.input();
    await pass(stage, IDLE_MS - 5_000);
    expect(does(bob)?.attention).toBe('active');
    await pass(stage, 10_000);
    expect(does(bob)?.attention).toBe('idle');
    ann.page.show(false);
    await stage.quiet();
    expect(does(bob)?.attention).toBe('away');
    ann.page.show(true);
    await stage.quiet();
    expect(does(bob)?.attention).toBe('active');
    await pass(stage, IDLE_MS + 5_000);
    expect(does(bob)?.attention).toBe('idle');
    ann.page.input();
    await stage.quiet();
    expect(does(bob)?.attention).toBe('active');
  });

  it('costs one message for each change, and none for keys and mouse in between', async () => {
    const { stage, ann } = await two();
    const before = ann.presences;
    for (let i = 0; i < 50; i++) {
      ann.page.input();
      await stage.quiet(2_000);
    }
    expect(ann.presences).toBe(before);
  });

  it('is typing for two seconds after each key, and at a terminal or speaking until that ends', async () => {
    const { stage, ann, bob } = await two();
    typeAt(ann, 5, '');
    await stage.quiet();
    typeAt(ann, 5, 'x');
    await stage.quiet(600);
    expect(does(bob)).toMatchObject({ typing: true, terminal: null, speaking: false, file: FILE });
    await stage.quiet(2_400);
    expect(does(bob)?.typing).toBe(false);
    const terminal = terminalId('terminal_1');
    ann.source.setActivity({ terminal });
    ann.source.setActivity({ speaking: true });
    await stage.quiet();
    expect(does(bob)).toMatchObject({ terminal, speaking: true });
    ann.source.setActivity({ terminal: null, speaking: false });
    await stage.quiet();
    expect(does(bob)).toMatchObject({ terminal: null, speaking: false });
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
        const back = spanBefore({ anchor: position, head: position }, op).head;
        if (position < at) expect(back).toBe(position);
        else if (position > at + insert.length) expect(back).toBe(position - insert.length + remove);
        else expect([at, at + remove]).toContain(back);
        const forth = transformPosition(back, op, 'right');
        if (position < at || position >= at + insert.length) expect(forth).toBe(position);
      }),
    );
  });
});

describe("another's screen", () => {
  const TEXT = 'one\ntwo\nthree\nfour\n';
  const sees = (tab: Tab, from: number, to: number) => tab.source.setSight({ file: FILE, from, to });
  /** The lines between which `tab` sees what is in sight of Ann. */
  const lines = (tab: Tab) => {
    const place = tab.source.screenOf(person(1).id)?.place;
    if (place == null) return null;
    return [place.from, place.to].map((at) => tab.text()!.slice(at).split('\n')[0]);
  };

  it('is told, and stays at its lines through what is in flight on either side', async () => {
    const { stage, ann, bob } = await two(TEXT);
    sees(ann, 4, 8);
    await stage.quiet();
    expect(lines(bob)).toEqual(['two', 'three']);
    bob.type(0, 0, 'zero\n');
    expect(lines(bob)).toEqual(['two', 'three']);
    ann.type(0, 0, 'start\n');
    sees(ann, 10, 14);
    await stage.quiet();
    expect(lines(bob)).toEqual(['two', 'three']);
    ann.source.setSight(null);
    await stage.quiet();
    expect(lines(bob)).toBeNull();
  });

  it('is not told again for what is typed in it, nor while it stays the same, and no more than thirty times a second', async () => {
    const { stage, ann } = await two(TEXT);
    sees(ann, 0, 8);
    await stage.quiet();
    const before = ann.presences;
    for (let i = 0; i < 10; i++) {
      ann.type(5, 0, 'x');
      sees(ann, 0, 9 + i);
      await stage.quiet(20);
    }
    expect(ann.presences).toBe(before);
    for (let i = 0; i < 1_000; i++) {
      sees(ann, i % 2 === 0 ? 4 : 0, 18);
      stage.clock.advance(1);
    }
    expect(ann.presences - before).toBeLessThanOrEqual(31);
  });

  it('is told to nobody while there is nobody', async () => {
    const stage = new Stage(TEXT);
    const ann = await stage.join(1);
    sees(ann, 4, 8);
    ann.source.setActivity({ watching: terminalId('terminal_1') });
    await stage.quiet();
    expect(ann.presences).toBe(0);
    const bob = await stage.join(2);
    await stage.quiet();
    expect(lines(bob)).toEqual(['two', 'three']);
    expect(bob.source.screenOf(person(1).id)?.watching).toBe('terminal_1');
  });

  it('says whom they follow, and a place of an older version is found where it is now', async () => {
    const { stage, ann, bob } = await two(TEXT);
    ann.source.setActivity({ following: person(2).id });
    await stage.quiet();
    expect(bob.source.view().activities.get(person(1).id)?.following).toBe(person(2).id);
    const version = bob.source.document(FILE)!.version();
    ann.type(0, 0, 'zero\n');
    await stage.quiet();
    expect(bob.source.pointOf({ file: FILE, version, at: 4 })).toBe(9);
    expect(bob.source.pointOf({ file: FILE, version, at: 1e9 })).toBe(bob.text()!.length);
  });
});
