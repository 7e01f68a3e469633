// What a formatter changed in a stretch of text, token by token. Pure.
import { diff, type TextEdit, toEdits } from '@codesync/ot';

/** A word, or any other character by itself. What is between two tokens is blank. */
const TOKENS = /[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;

const WORD = /^[\p{L}\p{N}_]/u;

/** How many tokens of both texts together are passed over to find where they agree again: quotes, commas, brackets. */
const PASSED_OVER = 6;

type Token = { readonly text: string; readonly at: number };

/**
 * The edits that make `after` out of `before` and leave alone the tokens that both have, for texts that differ in blanks
 * and in a token here and there. From where they do not agree any more, it is one edit. It cuts no surrogate pair.
 *
 * Cost: linear in both.
 */
export function tokenEdits(before: string, after: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let [x, y] = [0, 0];
  const upTo = (nextX: number, nextY: number) => {
    for (const edit of toEdits(diff(before.slice(x, nextX), after.slice(y, nextY))))
      edits.push({ ...edit, at: edit.at + x });
  };
  for (const [old, now] of inCommon(tokensOf(before), tokensOf(after))) {
    upTo(old.at, now.at);
    [x, y] = [old.at + old.text.length, now.at + now.text.length];
  }
  upTo(before.length, after.length);
  return edits;
}

function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(TOKENS)].map(({ 0: token, index: at }) => ({ text: token, at }));
}

/** Tokens that both have, in their order. */
function* inCommon(a: readonly Token[], b: readonly Token[]): Generator<readonly [Token, Token]> {
  const alike = (x: number, y: number) => x < a.length && a[x]!.text === b[y]?.text;
  /** One mark that is the same may be by chance. */
  const sure = (x: number, y: number) =>
    alike(x, y) && (WORD.test(a[x]!.text) || x + 1 === a.length || alike(x + 1, y + 1));
  let [x, y] = [0, 0];
  for (;;) {
    for (; alike(x, y); x++, y++) yield [a[x]!, b[y]!];
    const over = passedOver((dx, dy) => sure(x + dx, y + dy));
    if (over === null) return;
    [x, y] = [x + over[0], y + over[1]];
  }
}

/** The fewest tokens of the one text and the other after which they agree. */
function passedOver(agree: (dx: number, dy: number) => boolean): readonly [number, number] | null {
  for (let both = 1; both <= PASSED_OVER; both++)
    for (let dx = 0; dx <= both; dx++) if (agree(dx, both - dx)) return [dx, both - dx];
  return null;
}
