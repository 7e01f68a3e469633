// Random texts and operations. They are small and drawn from few letters, so that places and letters meet.
import { type Op, OpBuilder } from '../../src/index.ts';
import type { Random } from '../../testing/random.ts';

/** Two of them share a high surrogate: an operation that cut a pair would show. */
const LETTERS = ['a', 'b', 'c', 'd', 'é', '漢', '😀', '😁', '🚀', '\n'];

export function randomText(random: Random, maxLetters: number): string {
  let text = '';
  for (let left = random.below(maxLetters + 1); left > 0; left--) text += random.pick(LETTERS);
  return text;
}

/** An operation for `text`, of any shape: inserts and deletes meet in every order. */
export function randomOp(random: Random, text: string, meanParts = 7): Op {
  const op = new OpBuilder();
  let at = 0;
  while (!random.oneIn(meanParts)) {
    if (random.oneIn(3)) {
      op.insert(randomText(random, 3));
      continue;
    }
    if (at >= text.length) continue;
    const end = boundary(text, Math.min(text.length, at + 1 + random.below(4)));
    if (random.oneIn(2)) op.retain(end - at);
    else op.remove(end - at);
    at = end;
  }
  return op.build();
}

/** What one key does: a letter typed or deleted somewhere. */
export function randomKey(
  random: Random,
  text: string,
  letter: () => string = () => random.pick(LETTERS),
): Op {
  const op = new OpBuilder();
  const at = boundary(text, random.below(text.length + 1));
  op.retain(at);
  if (at < text.length && random.oneIn(3)) op.remove(boundary(text, at + 1) - at);
  else op.insert(letter());
  return op.build();
}

/** `at`, or the position after it if it is inside a surrogate pair. */
export function boundary(text: string, at: number): number {
  const unit = at > 0 && at < text.length ? text.charCodeAt(at) : 0;
  return (unit & 0xfc00) === 0xdc00 ? at + 1 : at;
}
