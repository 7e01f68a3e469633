// What peers have typed into a file and the log does not have, shown on top of a client's document. Pure: the caller
// brings the time, and makes the document's edits. The rules have ids in packages/ot/SPEC.md ("Previews").
import {
  baseLength,
  check,
  checkAgainst,
  compose,
  InvalidOpError,
  invert,
  isNoop,
  NOOP,
  type Op,
  OpBuilder,
  transform,
} from '@codesync/ot';
import { type ClientId, LIMITS, type Preview } from '@codesync/protocol';
import type { Range } from './anchors.ts';
import type { ClientDocument } from './client-document.ts';
import type { FoldedText } from './folded-text.ts';
import { lower } from './lowered.ts';

/** Edits of the log that are kept, so that a preview made for an older version can be carried. */
const HISTORY = 64;
/** Changed previews of up to so many characters, before times after, are compared one by one. */
const ALIGNED_CELLS = 2_500;
/** Units of all previews in a file: each has to have a number that is a character. */
const MOST_UNITS = 60_000;

/** An edit of the log; `author` is the client that made it, and `clientSeq` its number there. */
export type AuthoredEdit = {
  readonly version: number;
  readonly op: Op;
  readonly author: ClientId | null;
  readonly clientSeq: number | null;
};

/** What an author has pending, for the confirmed text as it is now. */
type Entry = {
  /** The number of the edit in flight; null once the log has it and only the buffer is left. */
  readonly clientSeq: number | null;
  readonly inFlight: Op;
  readonly buffer: Op;
  /** What this client has deleted of the text of both, made for the text that they leave. */
  readonly hidden: Op;
  /** Takes both back, without what is hidden. */
  readonly back: Op;
  /** When the number was first heard of. */
  readonly since: number;
};

/** The newest that was heard of an author. */
type Newest = Pick<Preview, 'stamp' | 'clientSeq'> & { readonly since: number };

/** A unit of a preview's text: whose it is, and where it is in the text that the author's edits leave. */
type Unit = { readonly author: ClientId; readonly at: number; readonly text: string };

/*
 *   confirmed ── pending ──▶ document ── over ──▶ view
 *
 * `over` has the previews, as if they were next in the log. The document knows nothing of it, so nothing that is sent or
 * kept depends on it.
 */
export class Previews {
  readonly #document: ClientDocument;
  readonly #confirmed: () => FoldedText;
  readonly #entries = new Map<ClientId, Entry>();
  /** Made for versions that have not come yet. */
  readonly #waiting = new Map<ClientId, Preview & { readonly since: number }>();
  readonly #newest = new Map<ClientId, Newest>();
  #past: AuthoredEdit[] = [];
  /** In place of its text it has the numbers of the units in `#units`, as characters: so each is known again. */
  #over: Op = NOOP;
  #units: readonly Unit[] = [];
  /** Takes `#over` back. */
  #back: Op = NOOP;
  /** Hidden text that has come into the log, for the confirmed text. */
  #due: Op = NOOP;

  /** @param confirmed the text below that document. */
  constructor(document: ClientDocument, confirmed: () => FoldedText) {
    this.#document = document;
    this.#confirmed = confirmed;
  }

  /** The view is the document's text. */
  get isEmpty(): boolean {
    return isNoop(this.#over);
  }

  /** Nothing of peers is shown or waits, so there is nothing to expire. */
  get isIdle(): boolean {
    return this.#entries.size === 0 && this.#waiting.size === 0;
  }

  /** This client has deleted text of previews: its deletion waits until the log has the text. */
  get holds(): boolean {
    for (const { hidden } of this.#entries.values()) if (!isNoop(hidden)) return true;
    return false;
  }

  /** Leads from the document's text to the view. */
  get op(): Op {
    return named(this.#over, this.#units);
  }

  /** Whether something of that author is shown that the log does not have. */
  has(author: ClientId): boolean {
    return this.#entries.has(author);
  }

  /** Where the view has text that the log does not have and this client did not type. */
  ranges(): Range[] {
    return insertedBy(this.#over).map(({ at, text }) => ({ start: at, end: at + text.length }));
  }

  /** Takes in what a peer tells. Returns the operation that changes the view. */
  hear(author: ClientId, preview: Preview, now: number): Op {
    const last = this.#newest.get(author);
    if (last !== undefined && (preview.stamp <= last.stamp || preview.clientSeq < last.clientSeq))
      return NOOP;
    const since = last?.clientSeq === preview.clientSeq ? last.since : now;
    this.#newest.set(author, { stamp: preview.stamp, clientSeq: preview.clientSeq, since });
    if (now - since >= LIMITS.previewMs) return NOOP;
    this.#waiting.set(author, { ...preview, since });
    return this.#admit(author) ? this.#redraw(NOOP) : NOOP;
  }

  /** The document has taken in the next edit of the log, by `shown`. Returns the operation that changes the view. */
  logged(edit: AuthoredEdit, shown: Op): Op {
    this.#past.push(edit);
    if (this.#past.length > 2 * HISTORY) this.#past.splice(0, this.#past.length - HISTORY);
    for (const [author, entry] of [...this.#entries]) {
      const next = carried(author, entry, edit);
      if (next === null) this.#hideLogged(entry, edit.op);
      this.#put(author, next);
    }
    for (const author of [...this.#waiting.keys()]) this.#admit(author);
    return this.#redraw(shown);
  }

  /** The document's text was changed by `shown`, and its confirmed text was not. */
  moved(shown: Op): Op {
    return this.#redraw(shown);
  }

  /** The confirmed text is another one, and the document has gone there by `shown`: no preview stands on it. */
  reset(shown: Op): Op {
    this.#entries.clear();
    this.#waiting.clear();
    this.#past = [];
    this.#due = NOOP;
    return this.#redraw(shown);
  }

  /**
   * Takes back what the log has not confirmed in time, and all of authors who are gone. Returns the operation that changes
   * the view.
   */
  expire(now: number, isHere: (author: ClientId) => boolean): Op {
    for (const kept of [this.#waiting, this.#entries]) {
      for (const [author, { since }] of [...kept]) {
        if (now - since >= LIMITS.previewMs || !isHere(author)) kept.delete(author);
      }
    }
    for (const author of [...this.#newest.keys()]) if (!isHere(author)) this.#newest.delete(author);
    return this.#redraw(NOOP);
  }

  /**
   * An edit by this client, made for the view, and already there. Returns the edit that the caller makes in the document
   * before it calls `edited`, if that is any.
   */
  lower(edit: Op): Op {
    const { below, over, gone } = lower(this.#over, edit);
    this.#over = over;
    const hidden = new Map<ClientId, Set<number>>();
    for (let i = 0; i < gone.length; i++) {
      const { author, at } = this.#units[gone.charCodeAt(i)]!;
      hidden.set(author, (hidden.get(author) ?? new Set()).add(at));
    }
    for (const [author, places] of hidden) {
      const entry = this.#entries.get(author)!;
      for (const place of deletedBy(entry.hidden)) places.add(place);
      this.#entries.set(author, { ...entry, hidden: deletion([...places]) });
    }
    if (isNoop(below)) this.edited();
    return below;
  }

  /** The document has the edit that `lower` gave. */
  edited(): void {
    this.#back = invert(this.op, this.#document.buffer);
  }

  /** The document has an edit by this client that was made for its text. Returns the operation that changes the view. */
  lift(op: Op): Op {
    const lifted = transform(op, this.op, 'left');
    this.#over = transform(this.#over, op, 'right');
    this.edited();
    return lifted;
  }

  /**
   * What this client deleted of text that has come into the log since. The caller makes it in the document, then calls
   * `lift`. Ask for it after all that comes in.
   */
  due(): Op {
    const due = transform(this.#due, this.#document.pendingOp(), 'right');
    this.#due = NOOP;
    return due;
  }

  /** Gives up the deletions that wait. Returns the operation that brings their text back to the view. */
  release(): Op {
    for (const [author, entry] of this.#entries) this.#entries.set(author, { ...entry, hidden: NOOP });
    return this.#redraw(NOOP);
  }

  /** Shows what waits of an author, if its version is here. Returns whether anything may have changed. */
  #admit(author: ClientId): boolean {
    const preview = this.#waiting.get(author);
    const { version } = this.#document;
    if (preview === undefined || preview.base > version) return false;
    this.#waiting.delete(author);
    const { clientSeq, inFlight, buffer, since } = preview;
    let entry: Entry | null = { clientSeq, inFlight, buffer, hidden: NOOP, back: NOOP, since };
    if (preview.base < version) {
      const first = this.#past.findIndex((edit) => edit.version === preview.base + 1);
      if (first === -1) return false;
      for (const edit of this.#past.slice(first)) entry = entry && carried(author, entry, edit);
    }
    if (entry !== null && !fits(entry, this.#confirmed())) entry = null;
    const before = this.#entries.get(author);
    if (entry !== null && before !== undefined) {
      const hidden = transform(before.hidden, between(before, whole(entry)), 'left');
      entry = { ...entry, hidden };
    }
    this.#put(author, entry);
    return true;
  }

  /** Keeps an entry. What is hidden of it and is text of the log is due. */
  #put(author: ClientId, entry: Entry | null): void {
    this.#entries.delete(author);
    if (entry === null || (isNoop(entry.inFlight) && isNoop(entry.buffer))) {
      if (entry !== null) this.#owe(entry.hidden);
      return;
    }
    const op = whole(entry);
    this.#owe(lower(op, entry.hidden).below);
    const inserted = insertedBy(op);
    const isInserted = (place: number) =>
      inserted.some(({ at, text }) => at <= place && place < at + text.length);
    const hidden = deletion(deletedBy(entry.hidden).filter(isInserted));
    this.#entries.set(author, { ...entry, hidden, back: invert(op, this.#confirmed().buffer) });
  }

  /** The log has another edit of an author than was shown: what was hidden stays so as far as it is in the log. */
  #hideLogged(entry: Entry, op: Op): void {
    if (!isNoop(entry.hidden)) this.#owe(transform(entry.hidden, between(entry, op), 'left'));
  }

  #owe(deletion: Op): void {
    this.#due = compose(this.#due, transform(deletion, this.#due, 'left'));
  }

  /** Brings the view to the document, which was changed by `shown`, with the entries as they are now. */
  #redraw(shown: Op): Op {
    if (this.#entries.size === 0 && this.isEmpty) return shown;
    const before = this.op;
    const { op, units } = this.#together();
    this.#over = transform(op, this.#document.pendingOp(), 'right');
    this.#units = units;
    const moved = aligned(compose(this.#back, compose(shown, this.op)), before);
    this.edited();
    return moved;
  }

  /** All entries as one operation for the confirmed text, as if the log took them in the order of their authors. */
  #together(): { readonly op: Op; readonly units: readonly Unit[] } {
    let all: Op = NOOP;
    const units: Unit[] = [];
    for (const [author, entry] of [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const op = whole(entry);
      if (units.length + insertedUnits(op) > MOST_UNITS) continue;
      const shown = compose(numbered(op, author, units), entry.hidden);
      all = compose(all, transform(shown, all, 'left'));
    }
    return { op: all, units };
  }
}

/** `entry` after an edit of the log, as its author carries it; null: the log has it, or belies it. */
function carried(author: ClientId, entry: Entry, { op, author: by, clientSeq }: AuthoredEdit): Entry | null {
  if (by === author) {
    if (clientSeq !== entry.clientSeq || !same(op, entry.inFlight)) return null;
    return { ...entry, clientSeq: null, inFlight: NOOP };
  }
  const afterFlight = transform(op, entry.inFlight, 'right');
  const afterBuffer = transform(afterFlight, entry.buffer, 'right');
  return {
    ...entry,
    inFlight: transform(entry.inFlight, op, 'left'),
    buffer: transform(entry.buffer, afterFlight, 'left'),
    hidden: transform(entry.hidden, afterBuffer, 'left'),
  };
}

/** All that the author has, hidden or not. */
function whole({ inFlight, buffer }: Entry): Op {
  return compose(inFlight, buffer);
}

/** Leads from the text with all of an entry to the one with `op` instead, which is made for the confirmed text. */
function between(entry: Entry, op: Op): Op {
  return aligned(compose(entry.back, op), whole(entry));
}

/** `op` with a number in place of each unit that it inserts, which is that of a new one in `units`. */
function numbered(op: Op, author: ClientId, units: Unit[]): Op {
  let at = 0;
  return op.map((part) => {
    if (typeof part === 'number') {
      at += Math.max(0, part);
      return part;
    }
    let numbers = '';
    for (const text of part.split('')) {
      numbers += String.fromCharCode(units.length);
      units.push({ author, at: at++, text });
    }
    return numbers;
  });
}

/** `op` with the text for which `numbered` has put numbers. */
function named(op: Op, units: readonly Unit[]): Op {
  return op.map((part) => {
    if (typeof part === 'number') return part;
    let text = '';
    for (let i = 0; i < part.length; i++) text += units[part.charCodeAt(i)]!.text;
    return text;
  });
}

/** The places that `op` deletes. */
function deletedBy(op: Op): number[] {
  const places: number[] = [];
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') continue;
    if (part < 0) for (let i = 0; i < -part; i++) places.push(at + i);
    at += Math.abs(part);
  }
  return places;
}

/** Deletes those places. */
function deletion(places: readonly number[]): Op {
  const op = new OpBuilder();
  let at = 0;
  for (const place of [...places].sort((a, b) => a - b)) {
    op.retain(place - at);
    op.remove(1);
    at = place + 1;
  }
  return op.build();
}

function insertedUnits(op: Op): number {
  return op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
}

/** Whether a peer's edits can be made in the confirmed text, and leave it well formed. */
function fits({ inFlight, buffer }: Entry, { buffer: text }: FoldedText): boolean {
  if (baseLength(inFlight) > text.length) return false;
  const op = compose(inFlight, buffer);
  try {
    check(op);
    checkAgainst(op, text);
    return true;
  } catch (error) {
    if (error instanceof InvalidOpError) return false;
    throw error;
  }
}

function same(a: Op, b: Op): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

type Inserted = { readonly at: number; readonly text: string };

/** What `op` inserts, and where that is in the text after it. */
function insertedBy(op: Op): Inserted[] {
  const inserted: Inserted[] = [];
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') inserted.push({ at, text: part });
    if (typeof part === 'string') at += part.length;
    else if (part > 0) at += part;
  }
  return inserted;
}

/**
 * `op`, made for the text after `before`, without what it deletes of the text that `before` inserted only to insert it
 * again at the same place. So text that is confirmed stays where it is, with the cursors in it.
 */
function aligned(op: Op, before: Op): Op {
  const inserted = insertedBy(before);
  if (inserted.length === 0) return op;
  const result = new OpBuilder();
  let at = 0;
  for (let i = 0; i < op.length; ) {
    const part = op[i]!;
    if (typeof part === 'number' && part > 0) {
      result.retain(part);
      at += part;
      i++;
      continue;
    }
    let removed = 0;
    let text = '';
    for (let next = op[i]; next !== undefined && (typeof next === 'string' || next < 0); next = op[++i]) {
      if (typeof next === 'string') text += next;
      else removed -= next;
    }
    if (removed === 0) result.insert(text);
    else if (text === '') result.remove(removed);
    else alignStretch(result, charactersAt(inserted, at, at + removed), [...text]);
    at += removed;
  }
  return result.build();
}

/** A character that was inserted; null: a unit that was not, and is not known. */
type Known = string | null;

function charactersAt(inserted: readonly Inserted[], from: number, to: number): Known[] {
  const characters: Known[] = [];
  let at = from;
  for (const each of inserted) {
    const [start, end] = [Math.max(at, each.at), Math.min(to, each.at + each.text.length)];
    if (start >= end) continue;
    for (; at < start; at++) characters.push(null);
    characters.push(...each.text.slice(start - each.at, end - each.at));
    at = end;
  }
  for (; at < to; at++) characters.push(null);
  return characters;
}

const unitsIn = (characters: readonly Known[]) =>
  characters.reduce<number>((sum, character) => sum + (character?.length ?? 1), 0);

/** Replaces `before` by `after`, both in whole characters, and keeps as many in place as it can at little cost. */
function alignStretch(result: OpBuilder, before: readonly Known[], after: readonly string[]): void {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  result.retain(unitsIn(before.slice(0, head)));
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  let [i, j] = [0, 0];
  if (old.length * now.length <= ALIGNED_CELLS) {
    const common = commonLengths(old, now);
    while (i < old.length && j < now.length) {
      if (old[i] === now[j]) {
        result.retain(now[j]!.length);
        i++;
        j++;
      } else if (common[i + 1]![j]! >= common[i]![j + 1]!) result.remove(unitsIn([old[i++]!]));
      else result.insert(now[j++]!);
    }
  }
  result.remove(unitsIn(old.slice(i)));
  result.insert(now.slice(j).join(''));
  result.retain(unitsIn(before.slice(before.length - tail)));
}

/** How long the longest common subsequence of what is left from each pair of places is. */
function commonLengths(a: readonly Known[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [skipA, skipB] = [lengths[i + 1]![j]!, lengths[i]![j + 1]!];
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(skipA, skipB);
    }
  }
  return lengths;
}
