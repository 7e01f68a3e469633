// Which files a list of globs means. Pure.
import picomatch from 'picomatch';

/**
 * A test of paths for a list of globs, divided by commas; null for an empty list. As in other editors, a glob means a
 * file or a folder with all that lies in it, at any depth: “src”, “*.py”, “src/**”. With a “/” or “./” before it, it
 * begins at the room's top. Capitals do not matter.
 */
export function globs(list: string): ((path: string) => boolean) | null {
  const patterns = parts(list).flatMap(meant);
  if (patterns.length === 0) return null;
  return picomatch(patterns, { dot: true, nocase: true });
}

function meant(glob: string): string[] {
  const top = /^\.?\//.exec(glob)?.[0] ?? '';
  const path = glob.slice(top.length).replace(/\/+$/, '');
  if (path === '') return ['**'];
  return top === '' && !path.startsWith('**/') ? [`**/${path}`, `**/${path}/**`] : [path, `${path}/**`];
}

/** The globs of a list. A comma inside of braces is a part of its glob. */
function parts(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let glob = '';
  for (const character of list) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (character === ',' && depth <= 0) {
      found.push(glob.trim());
      glob = '';
    } else glob += character;
  }
  return [...found, glob.trim()].filter((part) => part !== '');
}
