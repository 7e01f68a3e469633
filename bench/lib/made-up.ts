/** Sessions that nobody typed, shaped like ones that people did; the same on every machine. */
import { Random } from '@codesync/ot/testing';
import type { Edit, Pair, Solo, Turn } from './session.ts';

const PROSE_EDITS = 100_000;
const CODE_EDITS = 20_000;
const OTHER_EDITS = 10_000;
const PAIR_TURNS = 20_000;

/** Most edits of the other that a person has not seen yet. */
const LONGEST_DELAY = 40;

/**
 * A paper, typed and taken back key by key; code, in which a key now and then replaces or brings a stretch, as
 * completion and paste do; and sessions of one kind of edit each, which papers and code have few of.
 */
export function madeUpSolos(): Solo[] {
  const typist = (seed: number, stretches: number): Next => {
    const it = new Typist(seed, stretches);
    return (length) => it.next(length);
  };
  const prose = solo('made-up prose', PROSE_EDITS, typist(1, 0));
  return [
    prose,
    solo('made-up code', CODE_EDITS, typist(2, 0.12)),
    solo('made-up pastes and cuts', OTHER_EDITS, pastesAndCuts(6)),
    solo('made-up replacements', OTHER_EDITS, replacements(7), prose.end.slice(0, LONG_TEXT)),
    solo('made-up scattered keys', OTHER_EDITS, scattered(8), prose.end.slice(0, LONG_TEXT)),
    solo('made-up deleting', OTHER_EDITS, deleting(9), prose.end.slice(0, LONG_TEXT)),
    solo('made-up wide characters', OTHER_EDITS, wide(10)),
  ];
}

/** The next edit of a text with so many units. */
type Next = (length: number) => Edit;

function solo(name: string, count: number, next: Next, start = ''): Solo {
  const edits: Edit[] = [];
  let text = start;
  while (edits.length < count) {
    const edit = next(text.length);
    edits.push(edit);
    text = text.slice(0, edit.at) + edit.insert + text.slice(edit.at + edit.remove);
  }
  return { name, start, edits, end: text };
}

/** Stretches of up to this many units are pasted, and cut. */
const LONGEST_PASTE = 800;
const LONG_TEXT = 50_000;

function pastesAndCuts(seed: number): Next {
  const random = new Random(seed);
  return (length) => {
    const at = random.below(length + 1);
    const cut = length > LONG_TEXT || (at < length && random.next() < 0.4);
    if (cut && at < length)
      return { at, remove: Math.min(length - at, 1 + random.below(LONGEST_PASTE)), insert: '' };
    const remove = random.next() < 0.3 ? Math.min(length - at, random.below(200)) : 0;
    return { at, remove, insert: words(random, 20 + random.below(LONGEST_PASTE - 20)) };
  };
}

/** Words that are changed to others, here and there. */
function replacements(seed: number): Next {
  const random = new Random(seed);
  return (length) => {
    const at = random.below(length);
    return {
      at,
      remove: Math.min(length - at, 1 + random.below(12)),
      insert: words(random, 1 + random.below(12)),
    };
  };
}

function scattered(seed: number): Next {
  const random = new Random(seed);
  return (length) => ({ at: random.below(length + 1), remove: 0, insert: words(random, 1) });
}

/** Backwards, with a key held down, from the end of a text. */
function deleting(seed: number): Next {
  const random = new Random(seed);
  return (length) => {
    const remove = Math.min(length, 1 + random.below(4));
    return { at: length - remove, remove, insert: '' };
  };
}

/** Chinese: one to four characters at a time, as an input method gives them, and some of them taken back. */
function wide(seed: number): Next {
  const random = new Random(seed);
  return (length) => {
    if (length > 0 && random.next() < 0.15) return { at: length - 1, remove: 1, insert: '' };
    let insert = '';
    for (let left = 1 + random.below(4); left > 0; left--)
      insert += String.fromCharCode(0x4e00 + random.below(5_000));
    return { at: length, remove: 0, insert };
  };
}

function words(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += random.next() < 0.17 ? ' ' : letter(random);
  return text;
}

function letter(random: Random): string {
  return String.fromCharCode(97 + random.below(26));
}

/** Two people by turns, each seeing the other's edits after a delay that grows and shrinks. */
export function madeUpPair(): Pair {
  const random = new Random(3);
  const typists = [new Typist(4, 0), new Typist(5, 0)] as const;
  /** Units that each person deleted. Two may have deleted the same one: what they see is this long or longer. */
  const removed: [number, number] = [0, 0];
  /** Units that each person had inserted after so many edits. */
  const typed: readonly [number[], number[]] = [[0], [0]];
  const known: [number, number] = [0, 0];
  const turns: Turn[] = [];
  let person: 0 | 1 = 0;
  while (turns.length < PAIR_TURNS) {
    if (random.next() < 0.06) person = person === 0 ? 1 : 0;
    const other = person === 0 ? 1 : 0;
    const delay = random.next() < 0.5 ? 0 : random.below(LONGEST_DELAY);
    known[person] = Math.max(known[person], typed[other].length - 1 - delay);
    const seen = typed[person].at(-1)! + typed[other][known[person]]!;
    const edit = typists[person].next(Math.max(0, seen - removed[0] - removed[1]));
    removed[person] += edit.remove;
    typed[person].push(typed[person].at(-1)! + edit.insert.length);
    turns.push({ ...edit, person, known: known[person] });
  }
  return { name: 'made-up pair', turns };
}

/** Types words, takes some of it back, and now and then goes elsewhere. */
class Typist {
  readonly #random: Random;
  readonly #stretches: number;
  #at = 0;

  /** @param stretches the share of edits that bring or replace more than one unit. */
  constructor(seed: number, stretches: number) {
    this.#random = new Random(seed);
    this.#stretches = stretches;
  }

  /** The next edit of a text with so many units. */
  next(length: number): Edit {
    if (this.#random.next() < 0.01) this.#at = this.#random.below(length + 1);
    this.#at = Math.min(this.#at, length);
    const dice = this.#random.next();
    if (dice < this.#stretches) return this.#stretch(length);
    if (dice > 0.78 && this.#at > 0) {
      this.#at -= 1;
      return { at: this.#at, remove: 1, insert: '' };
    }
    this.#at += 1;
    return { at: this.#at - 1, remove: 0, insert: this.#letter() };
  }

  #stretch(length: number): Edit {
    const at = this.#at;
    const remove = this.#random.next() < 0.5 ? Math.min(this.#random.below(12), length - at) : 0;
    let insert = '';
    for (let left = this.#random.below(12) + (remove === 0 ? 1 : 0); left > 0; left -= 1) {
      insert += this.#letter();
    }
    this.#at += insert.length;
    return remove === 0 && insert === '' ? { at, remove: 0, insert: '.' } : { at, remove, insert };
  }

  #letter(): string {
    const dice = this.#random.next();
    if (dice < 0.17) return ' ';
    if (dice < 0.19) return '\n';
    return letter(this.#random);
  }
}
