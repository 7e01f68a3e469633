// Other people's cursors, exactly where they are, through everything that is typed.
import { apply, fromEdits, type Op, transform } from '@codesync/ot';
import { chance, type Random } from '@codesync/ot/testing/property';
import {
  type Activity,
  type ClientId,
  type Cursors,
  JUST_HERE,
  type PresenceEntry,
  type Span,
  type Viewport,
} from '@codesync/protocol';
import { clientId, fileId, participantId, terminalId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Others, spanBefore, TYPING_MS } from '../src/index.ts';

const FILE = fileId('file_one');
const OTHER_FILE = fileId('file_two');
const [ADA, GUS] = [participantId('person_ada'), participantId('person_gus')];
const ME = clientId('client_me');

/** A room whose log this client hears in order. */
class Heard {
  text: string;
  version = 0;
  readonly others = new Others(ME, (file) =>
    file === FILE ? { version: this.version, length: this.text.length } : null,
  );

  constructor(text: string) {
    this.text = text;
  }

  edit(op: Op, client: ClientId | null, now = 0): void {
    this.text = apply(this.text, op);
    this.others.edited(FILE, ++this.version, op, client, now);
  }

  /** What the other clients' cursors are now, by client. */
  spans(): Record<string, readonly Span[]> {
    return Object.fromEntries(this.others.in(FILE).map(({ client, spans }) => [client, spans]));
  }
}

const tab = (name: string) => clientId(`client_${name}`);

function entry(
  client: ClientId,
  clock: number,
  cursors: Cursors | null,
  activity: Partial<Activity> = {},
  participant = ADA,
  viewport: Viewport | null = null,
): PresenceEntry {
  return {
    client,
    participant,
    clock,
    cursors,
    viewport,
    activity: { ...JUST_HERE, ...activity },
    gone: false,
  };
}

const at = (version: number, ...heads: number[]): Cursors => ({
  file: FILE,
  version,
  spans: heads.map((head) => ({ anchor: head, head })),
});

function randomEdit(random: Random, text: string, letter: () => string): Op {
  const at = random.below(text.length + 1);
  const remove = Math.min(random.below(3), text.length - at);
  const insert = Array.from({ length: random.below(3) }, letter).join('');
  return fromEdits([{ at, remove, insert }]);
}

/** Where the two characters beside a place of one text are in another; -1 for one that is not there. */
function around(text: string, place: number, other: string): [before: number, after: number] {
  const find = (at: number) => (text[at] === undefined ? -1 : other.indexOf(text[at]));
  return [find(place - 1), find(place)];
}

describe('a cursor between two characters', () => {
  /**
   * Each character is another one, so that it can be told what became of it. Everyone types at random places; the log
   * takes edits of old versions, transformed; the cursor was told for any version, and is heard at any time after it.
   */
  test('stays between them for as long as one of them lives, whoever types what meanwhile', () => {
    fc.assert(
      fc.property(chance(), (random) => {
        let next = 0x4e00;
        const letter = () => String.fromCharCode(next++);
        const start = Array.from({ length: 8 }, letter).join('');
        const log: { op: Op; client: ClientId }[] = [];
        const texts = [start];
        const clients = [tab('ada'), tab('gus'), tab('eve')];
        for (let i = 0; i < 12; i++) {
          const base = random.below(texts.length);
          let op = randomEdit(random, texts[base]!, letter);
          for (const later of log.slice(base)) op = transform(op, later.op, 'left');
          log.push({ op, client: random.pick(clients) });
          texts.push(apply(texts.at(-1)!, op));
        }
        const told = random.below(texts.length);
        const heads = [0, 1, 2].map(() => random.below(texts[told]!.length + 1));
        const heardAt = random.below(texts.length);
        const heard = new Heard(start);
        for (let now = 0; now <= log.length; now++) {
          if (now === heardAt) heard.others.merge([entry(tab('ada'), 1, at(told, ...heads))], 0);
          const spans = heard.spans()[tab('ada')];
          // It is not seen before the text that it points at, and from then on always.
          expect(spans !== undefined).toBe(now >= heardAt && now >= told);
          for (const [i, { head }] of (spans ?? []).entries()) {
            const [before, after] = around(texts[told]!, heads[i]!, heard.text);
            if (before >= 0) expect(head).toBeGreaterThan(before);
            if (after >= 0) expect(head).toBeLessThanOrEqual(after);
          }
          const edit = log[now];
          if (edit !== undefined) heard.edit(edit.op, edit.client);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('bounds a selection, which holds those of its characters that live, and nothing of what others insert beside it', () => {
    fc.assert(
      fc.property(chance(), (random) => {
        let next = 0x4e00;
        const letter = () => String.fromCharCode(next++);
        const start = Array.from({ length: 8 }, letter).join('');
        const ends = [random.below(9), random.below(9)];
        const [from, to] = [Math.min(...ends), Math.max(...ends)];
        fc.pre(from < to);
        const selected = [...start.slice(from, to)];
        const heard = new Heard(start);
        const spans = [{ anchor: ends[0]!, head: ends[1]! }];
        heard.others.merge([entry(tab('ada'), 1, { file: FILE, version: 0, spans })], 0);
        for (let i = 0; i < 8; i++) {
          heard.edit(randomEdit(random, heard.text, letter), tab('gus'));
          const [{ anchor, head }] = heard.spans()[tab('ada')] as [Span];
          const held = [...heard.text.slice(Math.min(anchor, head), Math.max(anchor, head))];
          const alive = selected.filter((one) => heard.text.includes(one));
          if (alive.length === 0) break;
          expect(anchor < head).toBe(ends[0]! < ends[1]!);
          expect(held.filter((one) => selected.includes(one))).toEqual(alive);
          for (const outside of [...start.slice(0, from), ...start.slice(to)]) {
            expect(held).not.toContain(outside);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('is at the end of a selection before what others insert there', () => {
    const heard = new Heard('one two three');
    const spans = [
      { anchor: 4, head: 7 },
      { anchor: 13, head: 8 },
    ];
    heard.others.merge([entry(tab('ada'), 1, { file: FILE, version: 0, spans })], 0);
    heard.edit([4, '<', 3, '>', 1, '<', 5, '>'], tab('gus'));
    expect(heard.text).toBe('one <two> <three>');
    expect(heard.spans()[tab('ada')]).toEqual([
      { anchor: 5, head: 8 },
      { anchor: 16, head: 11 },
    ]);
  });

  test('is on the screen where it is in the log, whatever is pending there', () => {
    fc.assert(
      fc.property(chance(), (random) => {
        let next = 0x4e00;
        const letter = () => String.fromCharCode(next++);
        const log = Array.from({ length: 6 }, letter).join('');
        const pending = randomEdit(random, log, letter);
        const screen = apply(log, pending);
        const here = random.below(screen.length + 1);
        const told = spanBefore({ anchor: here, head: here }, pending).head;
        const [before, after] = around(screen, here, log);
        if (before >= 0) expect(told).toBeGreaterThan(before);
        if (after >= 0) expect(told).toBeLessThanOrEqual(after);
      }),
    );
  });
});

test('cursors of one client are carried together, selections by both ends', () => {
  const heard = new Heard('one two three');
  const spans = [
    { anchor: 4, head: 7 },
    { anchor: 13, head: 8 },
    { anchor: 0, head: 0 },
  ];
  heard.others.merge([entry(tab('ada'), 1, { file: FILE, version: 0, spans })], 0);
  heard.edit(['> '], tab('gus'));
  heard.edit([6, -3, 'zwei'], tab('gus'));
  expect(heard.text).toBe('> one zwei three');
  expect(heard.spans()[tab('ada')]).toEqual([
    { anchor: 6, head: 6 },
    { anchor: 16, head: 11 },
    { anchor: 0, head: 0 },
  ]);
});

describe('somebody with three tabs', () => {
  const files = () => new Others(ME, () => ({ version: 0, length: 100 }));
  const three = [
    entry(tab('one'), 1, at(0, 1), { attention: 'away', speaking: true }),
    entry(tab('two'), 1, { ...at(0, 2), file: OTHER_FILE }, { attention: 'idle' }),
    entry(tab('three'), 1, null, { attention: 'idle', terminal: terminalId('terminal_1') }),
  ];

  test('is one person: where they look, speaking where they speak; and the order in which it is heard does not matter', () => {
    const told = fc.shuffledSubarray([...three, ...three], { minLength: 6 });
    fc.assert(
      fc.property(told, (entries) => {
        const others = files();
        for (const one of entries) others.merge([one], 0);
        expect([...others.activities(0)]).toEqual([
          [
            ADA,
            {
              attention: 'idle',
              watching: null,
              following: null,
              terminal: 'terminal_1',
              speaking: true,
              file: OTHER_FILE,
              client: tab('two'),
              typing: false,
            },
          ],
        ]);
      }),
    );
  });

  test('stays with the tabs that are left, and is active when one of them is', () => {
    const others = files();
    others.merge(three, 0);
    others.merge([{ ...three[1]!, clock: 2, gone: true, cursors: null }], 1);
    expect(others.activities(1).get(ADA)).toMatchObject({ attention: 'idle', file: FILE });
    others.merge([{ ...three[0]!, clock: 2, activity: JUST_HERE }], 2);
    expect(others.activities(2).get(ADA)).toMatchObject({ attention: 'active', speaking: false });
    for (const gone of [three[0]!, three[2]!]) {
      others.merge([{ ...gone, clock: 9, gone: true, cursors: null }], 3);
    }
    expect(others.any).toBe(false);
    expect(others.activities(3)).toEqual(new Map());
  });

  test('is where they moved last, of two tabs that they look at', () => {
    const others = files();
    const [one, two] = [
      entry(tab('one'), 1, at(0, 1)),
      entry(tab('two'), 1, { ...at(0, 1), file: OTHER_FILE }),
    ];
    others.merge([one], 0);
    others.merge([two], 1);
    expect(others.activities(1).get(ADA)?.file).toBe(OTHER_FILE);
    others.merge([{ ...one, clock: 2 }], 2);
    expect(others.activities(2).get(ADA)?.file).toBe(FILE);
  });

  test('goes as one when none of the tabs is heard, and this client is nobody else', () => {
    const others = files();
    others.merge([...three, entry(ME, 1, at(0, 1), {}, GUS)], 0);
    expect(others.activities(0).has(GUS)).toBe(false);
    others.lose(three.map(({ client }) => client));
    expect(others.activities(0)).toEqual(new Map());
    expect(others.any).toBe(true);
    others.lose([]);
    expect(others.activities(0).get(ADA)?.file).toBe(OTHER_FILE);
    others.expire(30_000);
    expect(others.activities(30_000)).toEqual(new Map());
  });
});

test('somebody types for a while after each of their own edits, and not after those of others', () => {
  const heard = new Heard('text');
  heard.others.merge([entry(tab('ada'), 1, at(0, 4))], 0);
  const typing = (now: number) => heard.others.activities(now).get(ADA)?.typing;
  heard.edit(['x'], tab('gus'), 10_000);
  expect(typing(10_000)).toBe(false);
  heard.edit([5, 'y'], tab('ada'), 20_000);
  expect([typing(20_000), typing(20_000 + TYPING_MS - 1), typing(20_000 + TYPING_MS)]).toEqual([
    true,
    true,
    false,
  ]);
});

test('it is told whether somebody has come: not by who moves, goes, or is this client', () => {
  const others = new Others(ME, () => ({ version: 0, length: 100 }));
  const arrived = (...entries: PresenceEntry[]) => others.merge(entries, 0).arrived;
  const ada = entry(tab('ada'), 1, null);
  expect(arrived(entry(ME, 3, null))).toBe(false);
  expect(others.ownClock).toBe(3);
  expect(arrived(ada)).toBe(true);
  expect(arrived(ada, { ...ada, clock: 2 })).toBe(false);
  expect(arrived({ ...ada, clock: 3, gone: true })).toBe(false);
  expect(arrived({ ...ada, clock: 4 })).toBe(true);
});

describe('what is in sight of somebody', () => {
  const TEXT = 'one\ntwo\nthree\nfour\nfive\n';
  const sees = (version: number, from: number, to: number, file = FILE): Viewport => ({
    file,
    version,
    from,
    to,
  });
  const look = (
    client: ClientId,
    clock: number,
    viewport: Viewport | null,
    activity: Partial<Activity> = {},
  ) => entry(client, clock, null, activity, ADA, viewport);

  test('stays at the same lines while others type above, in and below them', () => {
    const heard = new Heard(TEXT);
    heard.others.merge([look(tab('ada'), 1, sees(0, 4, 14))], 0);
    const lines = () => {
      const { from, to } = heard.others.screenOf(ADA)!.sight!;
      return [heard.text.slice(from).split('\n')[0], heard.text.slice(to).split('\n')[0]];
    };
    expect(lines()).toEqual(['two', 'four']);
    heard.edit(['zero\n'], tab('gus'));
    expect(lines()).toEqual(['two', 'four']);
    heard.edit([heard.text.indexOf('three'), 'x\n'], tab('gus'));
    expect(lines()).toEqual(['two', 'four']);
    heard.edit([heard.text.length, 'six\n'], tab('ada'));
    expect(lines()).toEqual(['two', 'four']);
  });

  test('told for an older version is carried to the newest one, and one of a later version waits for it', () => {
    const heard = new Heard(TEXT);
    heard.edit(['zero\n'], tab('gus'));
    heard.others.merge([look(tab('ada'), 1, sees(0, 4, 14))], 0);
    expect(heard.others.screenOf(ADA)?.sight).toMatchObject({ from: 9, to: 19 });
    heard.others.merge([look(tab('ada'), 2, sees(2, 0, 4))], 0);
    expect(heard.others.screenOf(ADA)?.sight).toMatchObject({ from: 9, to: 19 });
    heard.edit([1, 'x'], tab('gus'));
    expect(heard.others.screenOf(ADA)?.sight).toMatchObject({ from: 0, to: 4 });
  });

  test('lies within the text and in order, whatever is told', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(3), chance(), (from, to, version, random) => {
        const heard = new Heard(TEXT);
        heard.others.merge([look(tab('ada'), 1, sees(version, from, to))], 0);
        for (let i = 0; i < 4; i++) {
          heard.edit(
            randomEdit(random, heard.text, () => 'x'),
            tab('gus'),
          );
          const sight = heard.others.screenOf(ADA)?.sight;
          if (sight == null) continue;
          expect(sight.from).toBeLessThanOrEqual(sight.to);
          expect(sight.to).toBeLessThanOrEqual(heard.text.length);
        }
      }),
    );
  });

  test('is that of the tab which they look at, or else of the one that moved last', () => {
    const heard = new Heard(TEXT);
    const of = () => heard.others.screenOf(ADA)?.sight?.from;
    heard.others.merge([look(tab('one'), 1, sees(0, 4, 8))], 1);
    heard.others.merge([look(tab('two'), 1, sees(0, 8, 14))], 2);
    expect(of()).toBe(8);
    heard.others.merge([look(tab('one'), 2, sees(0, 0, 4))], 3);
    expect(of()).toBe(0);
    heard.others.merge([look(tab('one'), 3, sees(0, 0, 4), { attention: 'away' })], 4);
    expect(of()).toBe(8);
  });

  test('may be a file that is no text, and comes with the cursor there and the terminal that is shown', () => {
    const heard = new Heard(TEXT);
    const terminal = terminalId('terminal_1');
    heard.others.merge([look(tab('ada'), 1, sees(0, 0, 0, OTHER_FILE), { watching: terminal })], 0);
    expect(heard.others.screenOf(ADA)).toMatchObject({
      sight: { file: OTHER_FILE, from: 0, to: 0 },
      cursor: null,
      watching: terminal,
    });
    heard.others.merge([entry(tab('ada'), 2, at(0, 5), {}, ADA, sees(0, 4, 8))], 0);
    expect(heard.others.screenOf(ADA)).toMatchObject({ cursor: 5, watching: null });
  });

  test('is not known of somebody who looks at no file, whose connection is lost, or who has left', () => {
    const heard = new Heard(TEXT);
    expect(heard.others.screenOf(ADA)).toBeNull();
    heard.others.merge([look(tab('ada'), 1, sees(0, 4, 8))], 0);
    heard.others.merge([look(tab('ada'), 2, null)], 0);
    expect(heard.others.screenOf(ADA)?.sight).toBeNull();
    heard.others.lose([tab('ada')]);
    expect(heard.others.screenOf(ADA)).toBeNull();
    heard.others.lose([]);
    heard.others.merge([{ ...look(tab('ada'), 3, null), gone: true }], 0);
    expect(heard.others.screenOf(ADA)).toBeNull();
  });
});
