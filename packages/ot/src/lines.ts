// Which lines two texts have in common. Pure.

/** A stretch of whole lines. It was and is `text`, or `text` replaced `old`. */
export type Stretch =
  | { readonly kept: true; readonly text: string }
  | { readonly kept: false; readonly text: string; readonly old: string };

/**
 * A diff from `old` to `text` in whole lines, first to last. A line that occurs once in each text, in the same
 * order in both, is an anchor. The anchors are kept, and so are equal lines next to them and at both ends (Bram
 * Cohen's patience diff).
 *
 * Cost: n log n in the lines.
 */
export function stretchesOf(old: string, text: string): readonly Stretch[] {
  const [a, b] = [linesOf(old), linesOf(text)];
  const found: Stretch[] = [];
  let [x, y] = [0, 0];
  const upTo = (nextX: number, nextY: number) => {
    const change = { text: b.slice(y, nextY).join(''), old: a.slice(x, nextX).join('') };
    if (nextX > x || nextY > y) found.push({ kept: false, ...change });
    [x, y] = [nextX, nextY];
  };
  const keep = (count: number) => {
    if (count > 0) found.push({ kept: true, text: a.slice(x, x + count).join('') });
    [x, y] = [x + count, y + count];
  };
  /** How many lines from there on are the same. */
  const alike = (atX: number, atY: number) => {
    let count = 0;
    while (atX + count < a.length && atY + count < b.length && a[atX + count] === b[atY + count]) count++;
    return count;
  };

  keep(alike(0, 0));
  for (const [anchorX, anchorY] of [...anchors(a, b), [a.length, b.length] as const]) {
    if (anchorX < x || anchorY < y) continue;
    let before = 0;
    while (
      anchorX - before > x &&
      anchorY - before > y &&
      a[anchorX - before - 1] === b[anchorY - before - 1]
    ) {
      before++;
    }
    upTo(anchorX - before, anchorY - before);
    keep(before + alike(anchorX, anchorY));
  }
  return found;
}

/** The lines of a text, each with its line end. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The most lines that occur once in each text and have the same order in both, as pairs of indices. */
function anchors(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const once = onceIn(b);
  const pairs: (readonly [number, number])[] = [];
  for (const [line, x] of onceIn(a)) {
    const y = once.get(line);
    if (y !== undefined) pairs.push([x, y]);
  }
  // The longest increasing subsequence. Of those with n + 1 pairs, `ends[n]` ends the one with the lowest last
  // `y`.
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, [, y]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pairs[ends[middle]!]![1] < y) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1]);
    ends[low] = index;
  }
  const chosen: (readonly [number, number])[] = [];
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) chosen.push(pairs[index]!);
  return chosen.reverse();
}

/** The lines that occur once, with their places, in order. */
function onceIn(lines: readonly string[]): ReadonlyMap<string, number> {
  const once = new Map<string, number>();
  const several = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (several.has(line)) continue;
    if (once.delete(line)) several.add(line);
    else once.set(line, index);
  }
  return once;
}
