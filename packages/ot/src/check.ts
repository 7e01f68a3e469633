// Whether an operation is well made, and whether it fits a text. Pure.
import { baseLength, type Op } from './op.ts';
import { splitsPair } from './surrogates.ts';
import type { TextBuffer } from './text-buffer.ts';

/** Thrown for an operation that no correct peer sends; the message names the component and its fault. */
export class InvalidOpError extends Error {
  override readonly name = 'InvalidOpError';
}

/** Thrown for an insert that holds half a surrogate pair. */
export class HalfCharacterError extends InvalidOpError {
  /** What was to be inserted. */
  readonly text: string;

  constructor(component: number, text: string) {
    super(`component ${component}: insert with half a surrogate pair`);
    this.text = text;
  }
}

/**
 * Takes anything, and returns it as an operation if it is one in canonical form.
 *
 * @throws InvalidOpError for anything but an array of safe integers and well-formed strings, for an empty
 *   component, neighbours of one kind, a trailing retain, lengths that add up beyond 2^53 - 1, or an insert
 *   with half a surrogate pair.
 */
export function check(op: unknown): Op {
  if (!Array.isArray(op)) throw new InvalidOpError('an operation is an array of components');
  let previous: Kind | undefined;
  let total = 0;
  for (let i = 0; i < op.length; i++) {
    const part: unknown = op[i];
    const kind = kindOf(part, i);
    if (kind === previous) throw new InvalidOpError(`component ${i}: two ${kind}s in a row must be one`);
    if (typeof part === 'number') total += Math.abs(part);
    previous = kind;
  }
  if (previous === 'retain') throw new InvalidOpError(`component ${op.length - 1}: trailing retain`);
  if (total > Number.MAX_SAFE_INTEGER) throw new InvalidOpError('lengths add up beyond 2^53 - 1');
  return op as Op;
}

type Kind = 'retain' | 'delete' | 'insert';

function kindOf(part: unknown, index: number): Kind {
  if (typeof part === 'string') {
    if (part === '') throw new InvalidOpError(`component ${index}: empty insert`);
    if (!part.isWellFormed()) throw new HalfCharacterError(index, part);
    return 'insert';
  }
  if (typeof part === 'number') {
    if (!Number.isSafeInteger(part)) throw new InvalidOpError(`component ${index}: length is not an integer`);
    if (part === 0) throw new InvalidOpError(`component ${index}: zero length`);
    return part > 0 ? 'retain' : 'delete';
  }
  throw new InvalidOpError(`component ${index}: neither a number nor a string`);
}

/**
 * Checks that a canonical `op` fits `text`: it does not reach beyond the end, and no component begins or ends
 * inside a surrogate pair. So a well-formed text stays well formed.
 *
 * @throws InvalidOpError naming the position.
 */
export function checkAgainst(op: Op, text: string | TextBuffer): void {
  const reach = baseLength(op);
  if (reach > text.length) {
    throw new InvalidOpError(`operation reaches position ${reach} of a text of ${text.length} units`);
  }
  let at = 0;
  for (const part of op) {
    if (typeof part === 'number') at += Math.abs(part);
    if (splitsPair(text, at)) throw new InvalidOpError(`position ${at} is inside a surrogate pair`);
  }
}
