// Replacements and moves by chance, of text in which every unit is another one.
import { expect } from 'vitest';
import type { TextEdit } from '../src/edits.ts';
import { fromEdits, transformPosition } from '../src/index.ts';
import { property } from '../testing/property.ts';
import type { Random } from '../testing/random.ts';
import { Desk } from './support/desk.ts';
import { randomOp } from './support/generate.ts';

/** A replacement or a move of which every unit is another one, so that its fate can be read from a text. */
type Traced = { readonly news: string; readonly old: string };

/** What undo makes of `text`: the first unit that stands of a thing gives way to the old text, the others go. */
function takenBack(text: string, things: readonly Traced[]): string {
  let after = text;
  for (const { news, old } of things) {
    const standing = [...after].filter((unit) => news.includes(unit));
    for (const [index, unit] of standing.entries()) after = after.replace(unit, index === 0 ? old : '');
  }
  return after;
}

/** Units that occur nowhere else. */
function* units(): Generator<string, never> {
  for (let code = 0x4e00; ; code++) yield String.fromCharCode(code);
}

function several(random: Random, from: Generator<string, never>): string {
  return Array.from({ length: 1 + random.below(3) }, () => from.next().value).join('');
}

property('[UN8] [UN10] [UN11] one step of replacements, typed on, while others edit', 3_000, (random) => {
  const fresh = units();
  let text = '';
  const edits: TextEdit[] = [];
  const things: Traced[] = [];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const thing = { news: several(random, fresh), old: several(random, fresh) };
    text += random.oneIn(3) ? '' : 'k'.repeat(random.below(3));
    edits.push({ at: text.length, remove: thing.old.length, insert: thing.news });
    things.push(thing);
    text += thing.old;
  }
  const desk = new Desk(`${text}k`).mine(fromEdits(edits));
  let caret = edits[0]!.at + edits[0]!.insert.length;
  const theirs = () => {
    const op = randomOp(random, desk.text, 4).map((part) => (typeof part === 'string' ? 'B' : part));
    desk.partner(op);
    caret = transformPosition(caret, op, 'left');
  };
  for (let left = random.below(4); left > 0; left--) {
    theirs();
    const goesOn = things.length === 1 && caret > 0 && things[0]!.news.includes(desk.text[caret - 1]!);
    if (!goesOn) continue;
    const key = fresh.next().value;
    desk.mine(fromEdits([{ at: caret, remove: 0, insert: key }]), true);
    caret++;
    things[0] = { ...things[0]!, news: things[0]!.news + key };
  }
  theirs();
  const before = desk.text;
  const after = takenBack(before, things);
  desk.undo();
  expect(desk.text).toBe(after);
  if (after === before) return;
  desk.redo();
  expect(desk.text).toBe(before);
  desk.undo();
  expect(desk.text).toBe(after);
  theirs();
  const stands = ({ old }: Traced) => [...old].some((unit) => desk.text.includes(unit));
  const comeBack = things.filter(stands);
  desk.redo();
  for (const thing of things) {
    const taken = [...before].filter((unit) => thing.news.includes(unit));
    for (const unit of taken) expect(desk.text.includes(unit), unit).toBe(comeBack.includes(thing));
  }
});

property('[UN12] lines by lines, while others delete and insert lines', 2_000, (random) => {
  const fresh = units();
  const lines = (most: number) =>
    Array.from({ length: random.below(most + 1) }, () => `${fresh.next().value}\n`);
  const changes: { old: string[]; news: string[] }[] = [];
  let [old, text] = [lines(2), [] as string[]];
  text = [...old];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const change = { old: lines(3), news: lines(3) };
    const kept = [...lines(2), `${fresh.next().value}\n`];
    if (change.old.length + change.news.length > 0) changes.push(change);
    old = [...old, ...change.old, ...kept];
    text = [...text, ...change.news, ...kept];
  }
  const desk = new Desk(old.join('')).mine([-old.join('').length, text.join('')]);
  const untouched = new Set(text);
  let seen = text;
  for (let left = random.below(5); left > 0; left--) {
    const from = random.below(seen.length + 1);
    const to = random.oneIn(6) ? seen.length : Math.min(seen.length, from + random.below(4));
    const put = random.oneIn(2) ? ['B\n'] : [];
    desk.partner(fromEdits([{ at: 2 * from, remove: 2 * (to - from), insert: put.join('') }]));
    seen = [...seen.slice(0, from), ...put, ...seen.slice(to)];
  }
  const before = desk.text;
  expect(before).toBe(seen.join(''));
  desk.undo();
  const after = desk.text.split(/(?<=\n)/);
  if (!seen.some((line) => untouched.has(line))) {
    expect(desk.text).toBe(before);
    return;
  }
  const put = changes.flatMap(({ news }) => news);
  const back = changes
    .filter(
      ({ old, news }) => old.length > 0 && (news.length === 0 || news.some((line) => seen.includes(line))),
    )
    .flatMap((change) => change.old);
  const stays = changes
    .filter(({ old, news }) => old.length > 0 && !news.some((line) => seen.includes(line)))
    .flatMap(({ news }) => news);
  expect(after.filter((line) => back.includes(line))).toEqual(back);
  expect(after.filter((line) => !back.includes(line) && line !== '')).toEqual(
    seen.filter((line) => !put.includes(line) || stays.includes(line)),
  );
  if (desk.text === before) return;
  desk.redo();
  expect(desk.text).toBe(before);
});

property('[UN9] moves while others edit: nothing comes back of what they deleted', 2_000, (random) => {
  const fresh = units();
  const [word, before, between, behind] = [several(random, fresh), 'k', 'kk', 'k'];
  const forwards = random.oneIn(2);
  const desk = new Desk(forwards ? before + word + between + behind : before + between + word + behind).mine(
    forwards
      ? [before.length, -word.length, between.length, word]
      : [before.length, word, between.length, -word.length],
  );
  for (let left = random.below(4); left > 0; left--) {
    desk.partner(randomOp(random, desk.text, 4).map((part) => (typeof part === 'string' ? 'B' : part)));
  }
  const seen = desk.text;
  const stands = [...word].some((unit) => seen.includes(unit));
  desk.undo();
  if (!stands) expect(desk.text).toBe(seen);
  else {
    expect(desk.text).toContain(word);
    desk.redo();
    expect(desk.text).toBe(seen);
  }
});
