/** Sessions that nobody typed, shaped like ones that people did; the same on every machine. */
import { randomFrom } from './random.ts';
import type { Edit, Pair, Solo, Turn } from './session.ts';

const PROSE_EDITS = 100_000;
const CODE_EDITS = 20_000;
const PAIR_TURNS = 20_000;

/** Most edits of the other that a person has not seen yet. */
const LONGEST_DELAY = 40;

/**
 * A paper, typed and taken back key by key, and code, in which a key now and then replaces or brings a stretch, as
 * completion and paste do.
 */
export function madeUpSolos(): Solo[] {
  return [solo('made-up prose', PROSE_EDITS, 1, 0), solo('made-up code', CODE_EDITS, 2, 0.12)];
}

function solo(name: string, count: number, seed: number, stretches: number): Solo {
  const typist = new Typist(seed, stretches);
  const edits: Edit[] = [];
  let text = '';
  while (edits.length < count) {
    const edit = typist.next(text.length);
    edits.push(edit);
    text = text.slice(0, edit.at) + edit.insert + text.slice(edit.at + edit.remove);
  }
  return { name, start: '', edits, end: text };
}

/** Two people by turns, each seeing the other's edits after a delay that grows and shrinks. */
export function madeUpPair(): Pair {
  const random = randomFrom(3);
  const typists = [new Typist(4, 0), new Typist(5, 0)] as const;
  /** Units that each person deleted. Two may have deleted the same one: what they see is this long or longer. */
  const removed: [number, number] = [0, 0];
  /** Units that each person had inserted after so many edits. */
  const typed: readonly [number[], number[]] = [[0], [0]];
  const known: [number, number] = [0, 0];
  const turns: Turn[] = [];
  let person: 0 | 1 = 0;
  while (turns.length < PAIR_TURNS) {
    if (random() < 0.06) person = person === 0 ? 1 : 0;
    const other = person === 0 ? 1 : 0;
    const delay = random() < 0.5 ? 0 : Math.floor(random() * LONGEST_DELAY);
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
  readonly #random: () => number;
  readonly #stretches: number;
  #at = 0;

  /** @param stretches the share of edits that bring or replace more than one unit. */
  constructor(seed: number, stretches: number) {
    this.#random = randomFrom(seed);
    this.#stretches = stretches;
  }

  /** The next edit of a text with so many units. */
  next(length: number): Edit {
    if (this.#random() < 0.01) this.#at = Math.floor(this.#random() * (length + 1));
    this.#at = Math.min(this.#at, length);
    const dice = this.#random();
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
    const remove = this.#random() < 0.5 ? Math.min(Math.floor(this.#random() * 12), length - at) : 0;
    let insert = '';
    for (let left = Math.floor(this.#random() * 12) + (remove === 0 ? 1 : 0); left > 0; left -= 1) {
      insert += this.#letter();
    }
    this.#at += insert.length;
    return remove === 0 && insert === '' ? { at, remove: 0, insert: '.' } : { at, remove, insert };
  }

  #letter(): string {
    const dice = this.#random();
    if (dice < 0.17) return ' ';
    if (dice < 0.19) return '\n';
    return String.fromCharCode(97 + Math.floor(this.#random() * 26));
  }
}
