// What stands in the place of a match. Pure.
import { matchesOf } from './matching.ts';
import type { Bounds, Edits, TextEdit } from './messages.ts';

const ESCAPES = { n: '\n', t: '\t', '\\': '\\' } as const;

/**
 * What replaces `match`. For a regular expression `template` means what `String.prototype.replace` has it mean, and
 * besides `\n`, `\t` and `\\` are a new line, a tab and a backslash. Otherwise it is the text itself.
 * @param most units that are taken of the text before and of the text after the match, for `` $` `` and `$'`.
 */
export function expand(template: string, match: RegExpExecArray, regex: boolean, most = Infinity): string {
  if (!regex) return template;
  const named = match.groups;
  const parts = named === undefined ? PARTS : PARTS_AND_NAMES;
  return template.replace(parts, (whole, control, sign, digits, name) => {
    if (control !== undefined) return ESCAPES[control as keyof typeof ESCAPES];
    if (sign !== undefined) return around(sign, match, most);
    if (digits !== undefined) return group(digits, match) ?? whole;
    return named?.[name] ?? '';
  });
}

/** Every edit that replaces a match in `text`. One that would leave half a character is left out. */
export function editsOf(
  text: string,
  pattern: RegExp,
  replacement: { readonly template: string; readonly regex: boolean },
  bounds: Bounds,
): Edits {
  const edits: TextEdit[] = [];
  let units = text.length;
  for (const match of matchesOf(text, pattern)) {
    const insert = expand(replacement.template, match, replacement.regex);
    if (!insert.isWellFormed()) continue;
    edits.push({ at: match.index, remove: match[0].length, insert });
    units += insert.length - match[0].length;
    if (edits.length > bounds.edits) return { ok: false, why: 'many' };
    if (units > bounds.units + text.length) return { ok: false, why: 'long' };
  }
  return units > bounds.units ? { ok: false, why: 'long' } : { ok: true, edits };
}

const PARTS = /\\([nt\\])|\$(?:([$&`'])|(\d\d?))/g;
const PARTS_AND_NAMES = /\\([nt\\])|\$(?:([$&`'])|(\d\d?)|<([^>]*)>)/g;

function around(sign: string, match: RegExpExecArray, most: number): string {
  const { index, input } = match;
  const end = index + match[0].length;
  if (sign === '&') return match[0];
  if (sign === '`') return input.slice(0, Math.min(index, most));
  if (sign === "'") return input.slice(end, Math.min(input.length, end + most));
  return '$';
}

/** The group that one or two digits name; of two, the second is a character when there are not so many groups. */
function group(digits: string, match: RegExpExecArray): string | null {
  const known = (of: string) => Number(of) > 0 && Number(of) < match.length;
  if (known(digits)) return match[Number(digits)] ?? '';
  const first = digits[0]!;
  return digits.length === 2 && known(first) ? `${match[Number(first)] ?? ''}${digits[1]}` : null;
}
