import { describe, expect, test } from 'vitest';
import { type Op, transformPosition } from '../src/index.ts';
import { property } from '../testing/property.ts';
import type { Random } from '../testing/random.ts';
import { boundary } from './support/generate.ts';
import { Server, settle, Tab } from './support/network.ts';

property('[NET1] [NET2] [NET3] any network, many people', 350, (random) => {
  const run = new Run(random, false);
  run.live(250);
  run.expectAgreement();
  run.expectEveryLetter();
});

property('[NET1] [NET2] [UN7] any network, many people who undo and redo', 250, (random) => {
  const run = new Run(random, true);
  run.live(250);
  run.expectAgreement();
});

describe('[NET1] scenes', () => {
  test('an acknowledgement is lost with the connection: the edit is not made twice', () => {
    const { server, ann, bob } = scene('abc');
    ann.does([3, 'd']);
    deliver(server, ann, 'up');
    ann.disconnect();
    ann.does([4, 'e']);
    settle(server, [ann, bob]);
    expect([server.text, ann.view, bob.view]).toEqual(['abcde', 'abcde', 'abcde']);
    expect(server.log.map((entry) => entry.clientSeq)).toEqual([1, 2]);
  });

  test('an edit that arrives after it was sent again over a new connection is not made twice', () => {
    const { server, ann, bob } = scene('abc');
    ann.does([3, 'd']);
    ann.disconnect(true);
    settle(server, [ann, bob]);
    for (const { client, message } of server.late) server.receive(client, message);
    settle(server, [ann, bob]);
    expect([server.text, ann.view, bob.view]).toEqual(['abcd', 'abcd', 'abcd']);
  });

  test('a server that restarted takes edits made for versions that it no longer has in memory', () => {
    const { server, ann, bob } = scene('abc');
    ann.disconnect();
    ann.does([1, 'A']);
    for (let i = 0; i < 5; i++) {
      bob.does(['B']);
      settle(server, [bob]);
    }
    server.restart();
    bob.does([-1]);
    settle(server, [ann, bob]);
    expect([server.text, ann.view, bob.view]).toEqual(['BBBBaAbc', 'BBBBaAbc', 'BBBBaAbc']);
  });

  test('a reload in the middle of typing offline', () => {
    const { server, ann, bob } = scene('abc');
    ann.disconnect();
    ann.does([3, 'd']);
    ann.does([4, 'e']);
    bob.does(['B']);
    settle(server, [bob]);
    ann.reload();
    expect(ann.view).toBe('abcde');
    settle(server, [ann, bob]);
    expect([server.text, ann.view, bob.view]).toEqual(['Babcde', 'Babcde', 'Babcde']);
  });
});

function scene(text: string): { server: Server; ann: Tab; bob: Tab } {
  const server = new Server(text, { count: 3, size: 100 });
  const [ann, bob] = [new Tab('ann', server), new Tab('bob', server)];
  settle(server, [ann, bob]);
  return { server, ann, bob };
}

function deliver(server: Server, tab: Tab, way: 'up' | 'down', repeats = false): void {
  const { connection } = tab;
  if (connection === null) return;
  if (way === 'up') {
    const message = repeats ? connection.up[0] : connection.up.shift();
    if (message !== undefined) server.receive(tab.name, message);
  } else {
    const message = repeats ? connection.down[0] : connection.down.shift();
    if (message !== undefined) tab.hear(message);
  }
}

/** A random life of a file; every letter that is typed in it is another one. */
class Run {
  readonly #random: Random;
  readonly #undoes: boolean;
  readonly #server: Server;
  readonly #tabs: Tab[] = [];
  readonly #typed: string[] = [];
  readonly #deleted = new Set<string>();

  constructor(random: Random, undoes: boolean) {
    this.#random = random;
    this.#undoes = undoes;
    const text = this.#letters(random.below(20));
    this.#server = new Server(text, { count: 1 + random.below(12), size: 1 + random.below(100) });
    const refusesOneIn = random.pick([0, 0, 8, 30]);
    if (refusesOneIn > 0) this.#server.refuses = () => random.oneIn(refusesOneIn);
    for (let i = 1 + random.below(5); i >= 0; i--) this.#tabs.push(new Tab(`tab ${i}`, this.#server));
  }

  live(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const tab = this.#random.pick(this.#tabs);
      this.#happens(tab);
      tab.expectConsistent();
    }
  }

  expectAgreement(): void {
    for (const { client, message } of this.#server.late) this.#server.receive(client, message);
    settle(this.#server, this.#tabs);
    const identities = this.#server.log.map((entry) => `${entry.client} ${entry.clientSeq}`);
    expect(new Set(identities).size).toBe(identities.length);
    for (const tab of this.#tabs) {
      expect(tab.view, tab.name).toBe(this.#server.text);
      expect(tab.isSynchronized, tab.name).toBe(true);
      for (let seq = 1; seq < tab.nextSeq; seq++) {
        const identity = `${tab.name} ${seq}`;
        expect(identities.includes(identity), identity).toBe(!this.#server.refusals.has(identity));
      }
    }
  }

  expectEveryLetter(): void {
    const { text, refusals } = this.#server;
    const refused = new Set([...refusals.values()].flatMap((op) => op.flatMap((part) => [...String(part)])));
    for (const letter of this.#typed) {
      const count = text.split(letter).length - 1;
      if (refused.has(letter) || (this.#deleted.has(letter) && refusals.size > 0)) {
        expect(count, letter).toBeLessThanOrEqual(1);
      } else {
        expect(count, letter).toBe(this.#deleted.has(letter) ? 0 : 1);
      }
    }
  }

  #happens(tab: Tab): void {
    const random = this.#random;
    const choice = random.below(100);
    if (choice < 30) this.#edits(tab);
    else if (choice < 55) deliver(this.#server, tab, 'up');
    else if (choice < 84) deliver(this.#server, tab, 'down');
    else if (choice < 86) deliver(this.#server, tab, random.pick(['up', 'down']), true);
    else if (choice < 88) tab.disconnect(random.oneIn(2));
    else if (choice < 95) tab.connection ?? tab.connect();
    else if (choice < 96) tab.reload();
    else if (choice < 98) this.#arrivesLate();
    else if (random.oneIn(4)) this.#restart();
  }

  #arrivesLate(): void {
    const { late } = this.#server;
    if (late.length === 0) return;
    const [{ client, message }] = late.splice(this.#random.below(late.length), 1) as [(typeof late)[number]];
    this.#server.receive(client, message);
  }

  #restart(): void {
    this.#server.restart();
    for (const tab of this.#tabs) tab.disconnect();
  }

  #edits(tab: Tab): void {
    const random = this.#random;
    if (this.#undoes && random.oneIn(3)) {
      if (random.oneIn(3)) tab.redo();
      else tab.undo();
      return;
    }
    if (random.oneIn(3)) tab.history.boundary();
    for (let keys = 1 + random.below(4); keys > 0; keys--) {
      if (random.oneIn(5)) tab.caret = random.below(tab.view.length + 1);
      tab.does(this.#key(tab));
    }
  }

  #key(tab: Tab): Op {
    const random = this.#random;
    const at = boundary(tab.view, Math.min(tab.caret, tab.view.length));
    const end = boundary(tab.view, Math.min(tab.view.length, at + 1 + random.below(4)));
    const op: (number | string)[] = at === 0 ? [] : [at];
    const removes = end > at && random.oneIn(3);
    const inserts = !removes || random.oneIn(3);
    const letters = inserts ? this.#letters(1 + random.below(2)) : '';
    if (inserts && removes && random.oneIn(2)) op.push(letters, at - end);
    else op.push(...(removes ? [at - end] : []), ...(inserts ? [letters] : []));
    if (removes) for (const letter of tab.view.slice(at, end)) this.#deleted.add(letter);
    tab.caret = transformPosition(at, op, 'right');
    return op;
  }

  /** Letters that were never used before; every third one is a surrogate pair. */
  #letters(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) {
      const number = this.#typed.length;
      const letter = String.fromCodePoint((number % 3 === 0 ? 0x1f300 : 0x4e00) + number);
      this.#typed.push(letter);
      text += letter;
    }
    return text;
  }
}
