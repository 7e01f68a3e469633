// An author's edit as replacements, and how to take it back after others have changed the text. Pure.
import { stretchesOf } from './lines.ts';
import { type Op, OpBuilder } from './op.ts';

/** What an edit did in one stretch: it replaced `old` by `text`. `at` is in the text after the edit. */
export interface Replacement {
  readonly at: number;
  readonly text: string;
  readonly old: string;
  readonly thing: Thing;
  /** The whole that this stretch of lines is part of. The stretch is gone if its thing or its whole is gone. */
  readonly whole: Thing;
  /** The edit left this stretch as it was: a part of the whole, with nothing to take back. */
  readonly kept: boolean;
}

type Found = Pick<Replacement, 'at' | 'text' | 'old'>;

/**
 * A unit of undo, taken back as a whole or not at all: a replacement, or the two halves of a move. It is gone
 * when others have left nothing visible of its new text.
 */
class Thing {
  #puts = false;
  #takes = false;
  #visible = false;

  add(text: string, old: string): void {
    this.#puts ||= text !== '';
    this.#takes ||= old !== '';
    this.#visible ||= isVisible(text);
  }

  /** Only what puts one text in the place of another can be gone. The rest is its author's own to take back. */
  get replaces(): boolean {
    return this.#puts && this.#takes;
  }

  /** @param standing what others have left of its new text. */
  isGone(standing: string): boolean {
    return this.replaces && (this.#visible ? !isVisible(standing) : standing === '');
  }
}

function isVisible(text: string): boolean {
  return /\S/.test(text);
}

/** The text that `op` deletes from `before`, first to last. */
export function deletedText(
  op: Op,
  before: { readonly length: number; slice(from: number, to: number): string },
) {
  let deleted = '';
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') continue;
    const end = at + Math.abs(part);
    if (end > before.length) {
      throw new RangeError(`operation reaches position ${end} of a text of ${before.length} units`);
    }
    if (part < 0) deleted += before.slice(at, end);
    at = end;
  }
  return deleted;
}

/**
 * The replacements of `op`, first to last. A delete and an insert that touch are one replacement. Where more of
 * them touch, each replacement takes at most one delete and one insert: edits at places that touch are written
 * like that.
 * @param deleted the text that `op` deletes.
 */
export function replacementsOf(op: Op, deleted: string): readonly Replacement[] {
  const found: Found[] = [];
  let at = 0;
  let read = 0;
  let open: { at: number; text: string; old: string } | null = null;
  for (const part of op) {
    if (typeof part === 'number' && part > 0) {
      open = null;
      at += part;
      continue;
    }
    if (open === null || (typeof part === 'string' ? open.text : open.old) !== '') {
      open = { at, text: '', old: '' };
      found.push(open);
    }
    if (typeof part === 'string') {
      open.text = part;
      at += part.length;
    } else {
      open.old = deleted.slice(read, read - part);
      read -= part;
    }
  }
  return tied(found);
}

/** Makes each replacement a thing of its own. A move is one thing: text deleted here and inserted there. */
function tied(found: readonly Found[]): readonly Replacement[] {
  const moved = new Map<string, Thing[]>();
  const things = found.map(({ text, old }) => {
    const thing = new Thing();
    const key = found.length > 1 && text === '' ? withoutSpace(old) : '';
    if (key !== '') moved.set(key, [...(moved.get(key) ?? []), thing]);
    return thing;
  });
  return found.flatMap((one, index) => {
    const { text, old } = one;
    const from = old === '' && moved.size > 0 ? moved.get(withoutSpace(text))?.shift() : undefined;
    const whole = from ?? things[index]!;
    whole.add(text, old);
    return inStretches(one, whole);
  });
}

/**
 * Splits a replacement of lines by lines into stretches, with the lines that it kept among them. Any other
 * replacement stays one.
 */
function inStretches({ at, text, old }: Found, whole: Thing): Replacement[] {
  const lines = text.includes('\n') && old.includes('\n') ? stretchesOf(old, text) : [];
  if (lines.length === 0) return [{ at, text, old, thing: whole, whole, kept: false }];
  let next = at;
  return lines.map((stretch) => {
    const thing = new Thing();
    const was = stretch.kept ? stretch.text : stretch.old;
    thing.add(stretch.text, was);
    const start = next;
    next += stretch.text.length;
    return { at: start, text: stretch.text, old: was, thing, whole, kept: stretch.kept };
  });
}

/** Text that is moved may get other line ends and indents. */
function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** What takes an edit back. */
export interface TakenBack {
  /** Made for the current text. */
  readonly op: Op;
  /** The replacements of `op`, placed in the text that it leaves. To take them back makes the edit again. */
  readonly again: readonly Replacement[];
  /** What others did, as an operation on the text before the edit. It leads to the text that `op` leaves. */
  readonly below: Op;
}

/**
 * Takes back `own`, after which others made `over`.
 *
 * A thing that is gone stays as it is. Otherwise what still stands of its new text is deleted, and its old text
 * goes to the place of the first unit that still stands. Others' text before that unit stays before it, and
 * their text behind it stays behind.
 *
 * Cost: linear in both.
 */
export function takeBack(own: readonly Replacement[], over: Op): TakenBack {
  const gone = thingsGone(own, over);
  const walk = new Walk(over);
  const op = new OpBuilder();
  const below = new OpBuilder();
  const again: Replacement[] = [];
  const things = new Map<Thing, Thing>();
  const wholes = new Map<Thing, Thing>();
  /** The position in the text after `own`, and in the text that `op` leaves. */
  let at = 0;
  let left = 0;

  const keep = (units: number) => {
    op.retain(units);
    left += units;
  };
  const note = ({ thing, whole, kept }: Replacement, text: string, old: string) => {
    const parts = { thing: counterpart(things, thing), whole: counterpart(wholes, whole) };
    for (const part of new Set([parts.thing, parts.whole])) part.add(text, old);
    again.push({ at: left, text, old, ...parts, kept });
  };
  const take = (replacement: Replacement, text: string, old: string) => {
    op.insert(text);
    op.remove(old.length);
    below.retain(text.length);
    note(replacement, text, old);
    left += text.length;
  };

  for (const replacement of own) {
    const { at: start, text, old, thing, whole, kept } = replacement;
    while (at < start) {
      const part = walk.next(start - at);
      if (typeof part === 'string') {
        below.insert(part);
        keep(part.length);
        continue;
      }
      below.push(part);
      if (part > 0) keep(part);
      at += Math.abs(part);
    }
    const stays = kept || gone.has(thing) || gone.has(whole);
    let back = stays ? '' : old;
    if (stays && !kept) below.remove(old.length);
    for (const end = at + text.length; at < end; ) {
      const part = walk.next(end - at);
      if (typeof part === 'string') {
        below.insert(part);
        keep(part.length);
        continue;
      }
      const units = Math.abs(part);
      const standing = part > 0 ? text.slice(at - start, at - start + units) : '';
      if (kept) {
        below.push(part);
        if (part > 0) {
          note(replacement, standing, standing);
          keep(units);
        }
      } else if (part > 0 && stays) {
        below.insert(standing);
        keep(units);
      } else if (part > 0) {
        take(replacement, back, standing);
        back = '';
      }
      at += units;
    }
    if (back !== '') take(replacement, back, '');
  }
  walk.rest(below);
  return { op: op.build(), again, below: below.build() };
}

function counterpart(made: Map<Thing, Thing>, thing: Thing): Thing {
  let other = made.get(thing);
  if (other === undefined) {
    other = new Thing();
    made.set(thing, other);
  }
  return other;
}

function thingsGone(own: readonly Replacement[], over: Op): ReadonlySet<Thing> {
  const gone = new Set<Thing>();
  if (over.length === 0 || own.every(({ whole }) => !whole.replaces)) return gone;
  const walk = new Walk(over);
  const standing = new Map<Thing, string>();
  let at = 0;
  for (const { at: start, text, thing, whole } of own) {
    let stands = '';
    for (const end = start + text.length; at < end; ) {
      const part = walk.next((at < start ? start : end) - at);
      if (typeof part === 'string') continue;
      const units = Math.abs(part);
      if (part > 0 && at >= start) stands += text.slice(at - start, at - start + units);
      at += units;
    }
    for (const part of new Set([thing, whole])) standing.set(part, (standing.get(part) ?? '') + stands);
  }
  for (const [thing, text] of standing) if (thing.isGone(text)) gone.add(thing);
  return gone;
}

/** An operation, read piece by piece. */
class Walk {
  readonly #op: Op;
  #index = 0;
  #head: number | string | undefined;

  constructor(op: Op) {
    this.#op = op;
    this.#head = op[0];
  }

  /** The next component: an insert, or what becomes of at most `units` units of the text before. */
  next(units: number): number | string {
    const head = this.#head;
    if (head === undefined) return units;
    if (typeof head === 'string' || Math.abs(head) <= units) {
      this.#head = this.#op[++this.#index];
      return head;
    }
    const part = head > 0 ? units : -units;
    this.#head = head - part;
    return part;
  }

  /** Adds what was not read to `out`. */
  rest(out: OpBuilder): void {
    if (this.#head === undefined) return;
    out.push(this.#head);
    out.rest(this.#op, this.#index + 1);
  }
}
