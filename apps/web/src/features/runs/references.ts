// Finds what can be followed in a line of output: web links, and places in the room's files. Pure.
import type { Run } from '@codesync/protocol';
import { programPath } from '@codesync/room';
import { pathOfRun } from './words.ts';

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'place'; readonly text: string; readonly path: string; readonly line: number };

/** http and https only: nothing else that a program prints becomes a link. */
const LINK = String.raw`https?:\/\/[^\s<>"'\x60]*[^\s<>"'\x60.,;:!?)\]}]`;
/** What `File "main.py", line 3` of Python and `main.go:5:2` of the others end with. */
const PLACE_END = String.raw`\.(?:py|js|mjs|cjs|go|rs)(?:", line |:)(\d{1,6})(?::\d+)?`;
const FOLLOWABLE = new RegExp(`(${LINK})|${PLACE_END}`, 'g');
const PATH_UNIT = /[\w.@+/-]/;
/** A path that a program prints; folders before the room's own are the sandbox's. */
const PATH_UNITS = 500;

/**
 * `fileOf` names the room's file that a printed path means, or null. The time is linear in the text, whatever a
 * program prints. Both patterns begin with what is rare, and a path is read backwards from its end.
 */
export function partsOf(text: string, fileOf: (path: string) => string | null): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  const add = (part: Part, at: number): void => {
    if (at > from) parts.push({ kind: 'text', text: text.slice(from, at) });
    parts.push(part);
    from = at + part.text.length;
  };
  for (const { 0: whole, 1: url, 2: line, index } of text.matchAll(FOLLOWABLE)) {
    if (url !== undefined) {
      add({ kind: 'link', text: url, url }, index);
      continue;
    }
    const at = pathStart(text, index, from);
    const path =
      at === index || text[index - 1] === '/' ? null : fileOf(text.slice(at, index) + ending(whole));
    if (path !== null) {
      add({ kind: 'place', text: text.slice(at, index) + whole, path, line: Number(line) }, at);
    }
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** Where the path begins whose last dot is at `dot`, not before `least`. */
function pathStart(text: string, dot: number, least: number): number {
  const bound = Math.max(least, dot - PATH_UNITS);
  let at = dot;
  while (at > bound && PATH_UNIT.test(text[at - 1]!)) at -= 1;
  return at;
}

function ending(placeEnd: string): string {
  return placeEnd.slice(0, placeEnd.search(/[":]/));
}

/** Where the room's files are in a sandbox. */
const WORKSPACE = '/w/';

/** Reads the paths that a run printed: each is the one of `paths` that is meant, or null. */
export function pathReader(
  run: Pick<Run, 'entry' | 'files' | 'language'>,
  paths: ReadonlySet<string>,
): (printed: string) => string | null {
  const entry = pathOfRun(run);
  const files = new Map(run.files.map((each) => [each.file, each]));
  // The program's own file may have another name in the sandbox.
  const program = programPath(entry, run.language, { files, emptyFolders: new Set() }) ?? entry;
  const known = program === entry ? paths : new Set(paths).add(program);
  return (printed) => {
    const path = roomPathOf(printed, known, entry);
    return path === program ? entry : path;
  };
}

/**
 * The room's file that a printed path means, or null. A path from the root means a file of the room only below the
 * workspace. Any other path is tried from the workspace, and from each folder on the way to the entry: the program, or
 * its module, may be there. A path may also begin with a module's own name. Then whole segments at its end count, and
 * the longest match wins.
 */
function roomPathOf(printed: string, paths: ReadonlySet<string>, entry: string): string | null {
  if (printed.startsWith('/')) {
    const path = printed.replace(/^\/+/, '/');
    const inside = path.startsWith(WORKSPACE) ? path.slice(WORKSPACE.length) : '';
    return paths.has(inside) ? inside : null;
  }
  const wanted = printed.replace(/^\.\//, '');
  for (let end = 0; end !== -1; end = entry.indexOf('/', end + 1)) {
    const path = end === 0 ? wanted : `${entry.slice(0, end)}/${wanted}`;
    if (paths.has(path)) return path;
  }
  for (let at = wanted.indexOf('/'); at !== -1; at = wanted.indexOf('/', at + 1)) {
    const path = wanted.slice(at + 1);
    if (paths.has(path)) return path;
  }
  return null;
}
