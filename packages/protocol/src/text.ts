import { z } from 'zod';
import { type Refusal, refusal } from './errors.ts';

/**
 * Text that comes from a person. A JavaScript string can hold half of a character: a UTF-16 surrogate without
 * its partner. No encoding can write it, and no program can be given it. So the page puts U+FFFD in its place
 * on the way in, and the server refuses what comes with one. Every schema of what a client sends takes its text
 * from here.
 */
export const WellFormedText = z.string().refine((text) => text.isWellFormed(), 'half of a character');

/** A surrogate without its partner. */
const HALF = /\p{Surrogate}/u;

/** `value` with U+FFFD for every half of a character in it. JSON must be able to hold `value`. */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wellFormed(inner)])) as T;
}

/**
 * Why a message that does not parse is refused. If it has half of a character, the refusal names that half.
 * Else it is `otherwise`.
 */
export function unreadable(message: unknown, otherwise: Refusal = refusal('protocol.malformed')): Refusal {
  const half = halfOf(message);
  if (half === null) return otherwise;
  const code = half.charCodeAt(0).toString(16).toUpperCase();
  return refusal(
    'text.half',
    `That text holds half of a character (U+${code}), which cannot be kept. Remove it, then try again.`,
  );
}

/** The first half of a character in any text of `value`, however deep. */
function halfOf(value: unknown): string | null {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') {
      const half = HALF.exec(next);
      if (half !== null) return half[0];
    } else if (typeof next === 'object' && next !== null) {
      for (const inner of Object.values(next).toReversed()) left.push(inner);
    }
  }
  return null;
}

/** Bytes of `text` in UTF-8; a lone surrogate counts as the three bytes of its replacement. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
