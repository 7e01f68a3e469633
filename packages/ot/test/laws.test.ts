import { describe, expect, test } from 'vitest';
import {
  Authority,
  acknowledge,
  apply,
  type Client,
  compose,
  composeAll,
  edit,
  type Op,
  OpBuilder,
  openClient,
  remote,
  transform,
  transformPosition,
} from '../src/index.ts';
import { property } from '../testing/property.ts';
import type { Random } from '../testing/random.ts';
import { randomOp, randomText } from './support/generate.ts';

property('[LAW1] both ways round the square give one text', 10_000, (random) => {
  const text = randomText(random, 10);
  const logged = randomOp(random, text);
  const pending = randomOp(random, text);
  const afterLog = apply(apply(text, logged), transform(pending, logged, 'left'));
  const afterPending = apply(apply(text, pending), transform(logged, pending, 'right'));
  expect(afterLog).toBe(afterPending);
});

describe('[LAW2] composition does not change a transform', () => {
  property('[LAW2] two edits of the log', 10_000, (random) => {
    const text = randomText(random, 10);
    const a = randomOp(random, text);
    const b = randomOp(random, apply(text, a));
    const pending = randomOp(random, text);
    const inTurn = transform(transform(pending, a, 'left'), b, 'left');
    expect(transform(pending, compose(a, b), 'left')).toEqual(inTurn);
  });

  property('[LAW2] any grouping of a history', 2_000, (random) => {
    const text = randomText(random, 8);
    const history = randomHistory(random, text);
    const pending = randomOp(random, text);
    expect(carryOver(pending, grouped(random, history))).toEqual(carryOver(pending, history));
  });

  property('[LAW2] two pending edits, of which the first only inserts', 2_000, (random) => {
    const text = randomText(random, 8);
    const history = randomHistory(random, text);
    const first = randomOp(random, text).map((part) => (typeof part === 'number' ? Math.abs(part) : part));
    const builder = new OpBuilder();
    for (const part of first) builder.push(part);
    const inserts = builder.build();
    const second = randomOp(random, apply(text, inserts));
    const inGroups = carryBoth(inserts, second, grouped(random, history));
    expect(inGroups).toEqual(carryBoth(inserts, second, history));
  });

  test.each<[string, Op, Op, Op]>([
    ['an insert where the log deleted stays left of what was inserted there later', [1, 'p'], [-1], ['b']],
    ['at the far end of the deleted stretch', [2, 'p'], [-2], ['b']],
    ['between two stretches that became one', [1, 'p'], [-1], [-1, 'b']],
  ])('[LAW2] %s', (_title, pending, a, b) => {
    const inTurn = transform(transform(pending, a, 'left'), b, 'left');
    expect(transform(pending, compose(a, b), 'left')).toEqual(inTurn);
  });
});

function randomHistory(random: Random, text: string): Op[] {
  const history: Op[] = [];
  let after = text;
  for (let left = 1 + random.below(6); left > 0; left--) {
    history.push(randomOp(random, after));
    after = apply(after, history.at(-1)!);
  }
  return history;
}

function grouped(random: Random, history: readonly Op[]): Op[] {
  const groups: Op[][] = [[]];
  for (const op of history) {
    if (random.oneIn(2)) groups.push([]);
    groups.at(-1)!.push(op);
  }
  return groups.map(composeAll);
}

function carryOver(pending: Op, history: readonly Op[]): Op {
  return history.reduce((carried, op) => transform(carried, op, 'left'), pending);
}

function carryBoth(first: Op, second: Op, history: readonly Op[]): [Op, Op] {
  let [one, two] = [first, second];
  for (const logged of history) {
    const between = transform(logged, one, 'right');
    one = transform(one, logged, 'left');
    two = transform(two, between, 'left');
  }
  return [one, two];
}

describe('[LAW3] [TR3] words typed at one place at one time stay whole', () => {
  for (const people of [2, 3]) {
    property(`[LAW3] ${people} people, any delivery order`, 1_500, (random) => {
      const words = ['aaaa', 'bbbb', 'cccc'].slice(0, people);
      const text = typeTogether(random, words);
      for (const word of words) expect(text, `words are mixed in ${text}`).toContain(word);
    });
  }
});

/** Everyone types a word at the middle of '()', key by key; returns the text on which all agree. */
function typeTogether(random: Random, words: readonly string[]): string {
  const authority = new Authority(0, 2);
  let text = '()';
  const typists = words.map((word) => new Typist(word));
  for (;;) {
    const busy = typists.filter((typist) => typist.canType || typist.up.length > 0 || typist.down.length > 0);
    if (busy.length === 0) break;
    const typist = random.pick(busy);
    const choice = random.below(3);
    if (choice === 0 && typist.canType) {
      typist.type();
    } else if (choice === 1 && typist.down.length > 0) {
      typist.hear(typist.down.shift()!);
    } else if (choice === 2 && typist.up.length > 0) {
      const sent = typist.up.shift()!;
      const result = authority.receive(sent.version, sent.op);
      if (!result.accepted) throw new Error(result.code);
      text = apply(text, result.op);
      for (const other of typists) other.down.push({ ...result, own: other === typist });
    }
  }
  for (const typist of typists) expect(typist.view).toBe(text);
  return text;
}

class Typist {
  view = '()';
  readonly up: { version: number; op: Op }[] = [];
  readonly down: { version: number; op: Op; own: boolean }[] = [];
  #client: Client = openClient(0);
  #caret = 1;
  #left: string;

  constructor(word: string) {
    this.#left = word;
  }

  get canType(): boolean {
    return this.#left !== '';
  }

  type(): void {
    const op: Op = [this.#caret, this.#left[0]!];
    this.#left = this.#left.slice(1);
    this.view = apply(this.view, op);
    this.#caret++;
    this.#step(edit(this.#client, op, 0));
  }

  hear(message: { version: number; op: Op; own: boolean }): void {
    if (message.own) {
      this.#step(acknowledge(this.#client, message.version, 0));
      return;
    }
    const { client, op } = remote(this.#client, message.version, message.op);
    this.#client = client;
    this.view = apply(this.view, op);
    this.#caret = transformPosition(this.#caret, op, 'left');
  }

  #step(next: ReturnType<typeof edit>): void {
    this.#client = next.client;
    if (next.send !== null) this.up.push(next.send);
  }
}
