// Finds what can be followed in a line of output: web links, and places in the room's files. Pure.

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'place'; readonly text: string; readonly path: string; readonly line: number };

/** http and https only: nothing else that a program prints becomes a link. */
const LINK = String.raw`https?:\/\/[^\s<>"'\x60]*[^\s<>"'\x60.,;:!?)\]}]`;
/** `File "main.py", line 3` of Python, `main.go:5:2` of the others; folders before the name are the sandbox's. */
const PLACE = String.raw`((?:[\w.@+-]*\/)*[\w.@+-]+\.(?:py|js|mjs|cjs|go|rs))(?:", line |:)(\d{1,6})(?::\d+)?`;
const FOLLOWABLE = new RegExp(`(${LINK})|${PLACE}`, 'g');

/** `fileOf` names the room's file that a printed path means, or null. */
export function partsOf(text: string, fileOf: (path: string) => string | null): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(FOLLOWABLE)) {
    const [whole, link, printed, line] = match;
    const path = printed === undefined ? null : fileOf(printed);
    if (link === undefined && path === null) continue;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push(
      link !== undefined
        ? { kind: 'link', text: whole, url: link }
        : { kind: 'place', text: whole, path: path!, line: Number(line) },
    );
    from = match.index + whole.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** The room's path that a printed one ends with, whole segments only; the longest wins. */
export function roomPathOf(printed: string, paths: Iterable<string>): string | null {
  const wanted = printed.replace(/^\.\//, '');
  let best: string | null = null;
  for (const path of paths) {
    if (wanted !== path && !wanted.endsWith(`/${path}`)) continue;
    if (best === null || path.length > best.length) best = path;
  }
  return best;
}
