// Values that no page of ours sends, as JSON text: much of it no JavaScript value could be made into.
import type { Random } from './random.ts';

/** Names that mean something to JavaScript's objects; some of them are ids by their alphabet and length. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'propertyIsEnumerable',
  '__defineGetter__',
  'length',
  '_placeholder',
  'toJSON',
];

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '1e309',
  '-1e309',
  '9007199254740991',
  '9007199254740993',
  '4294967296',
  '2147483648',
  '5e-324',
  '1e21',
];
/** Not JSON, though some of it looks like it. */
const BROKEN = [
  'NaN',
  'Infinity',
  'undefined',
  "'x'",
  '{',
  '[',
  '"',
  '{"a"',
  '[1,',
  '01',
  '"\\u12"',
  '\u0001',
];

export const STRINGS = [
  '""',
  '"\\ud83d"',
  '"\\udc00x"',
  '"\\ud83d\\ud83d\\ude00"',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\r\\n"',
  '"\\u202e\\u200b\\ufeff"',
  '"../../etc/passwd"',
  '"/etc/passwd"',
  '"..\\\\..\\\\x"',
  '"con"',
  '"%2e%2e%2f"',
  '"\\u001b]52;c;aGk=\\u0007"',
  '"<script>alert(1)</script>"',
  `"'; DROP TABLE room; --"`,
  '"{{7*7}}"',
  '"NaN"',
  '"e\\u0301"',
];

/** `depth` arrays or objects within each other. */
export function deep(random: Random, depth: number): string {
  const open = random.pick(['[', '{"a":', '{"__proto__":', '{"body":']);
  return `${open.repeat(depth)}1${(open === '[' ? ']' : '}').repeat(depth)}`;
}

/** Any value at all, at most `levels` deep unless it is one of the deep ones. */
export function wild(random: Random, levels = 3): string {
  switch (random.below(levels > 0 ? 12 : 6)) {
    case 0:
      return random.pick(['null', 'true', 'false', '[]', '{}']);
    case 1:
      return random.pick(NUMBERS);
    case 2:
    case 3:
      return random.pick(STRINGS);
    case 4:
      return JSON.stringify(random.pick(NAMES));
    case 5:
      return `"${'x'.repeat(random.pick([1, 41, 81, 300, 5_000]))}"`;
    case 6:
    case 7:
      return `[${Array.from({ length: random.below(5) }, () => wild(random, levels - 1)).join(',')}]`;
    case 8:
      return random.oneIn(20) ? deep(random, random.pick([100, 5_000, 100_000])) : '[[[]]]';
    case 9:
      return random.oneIn(10) ? random.pick(BROKEN) : '"ok"';
    default: {
      const keys = [...NAMES, 'kind', 'clientSeq', 'body', 'file', 'op', 'room', 'client', 'then'];
      const entries = Array.from(
        { length: random.below(5) },
        () => `${JSON.stringify(random.pick(keys))}:${wild(random, levels - 1)}`,
      );
      return `{${entries.join(',')}}`;
    }
  }
}

/** A number of an interface field: often one that fits, else one that does not. */
export function wildNumber(random: Random): string {
  return random.oneIn(4)
    ? wild(random, 1)
    : random.oneIn(2)
      ? random.pick(NUMBERS)
      : String(random.below(50));
}

/** `object` as JSON with one field of it replaced, doubled, added or left out. */
export function mutated(random: Random, object: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(object).map(([key, value]): [string, string] => [
    key,
    JSON.stringify(value) ?? 'null',
  ]);
  const at = random.below(entries.length);
  const [key, value] = entries[at]!;
  switch (random.below(5)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.push([key, wild(random)]);
      break;
    case 2:
      entries.push([random.pick(NAMES), wild(random)]);
      break;
    case 3:
      entries[at] = [key, value.startsWith('"') ? random.pick(STRINGS) : wildNumber(random)];
      break;
    default:
      entries[at] = [key, wild(random)];
  }
  return `{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}
