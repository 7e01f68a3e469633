// Characters of two UTF-16 units, which no operation may cut. Pure.
import type { TextBuffer } from './text-buffer.ts';

/** Whether the position `at` of `text` is inside a surrogate pair. */
export function splitsPair(text: string | TextBuffer, at: number): boolean {
  if (at === 0 || at >= text.length) return false;
  return isLowSurrogate(text.charCodeAt(at)) && isHighSurrogate(text.charCodeAt(at - 1));
}

export function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

export function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
