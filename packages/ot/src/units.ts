// Text from UTF-16 units, and units from text. Pure.

/** The part of the standard encoder that is used: it is in every browser and in Node. */
declare class TextEncoder {
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}

const encoder = new TextEncoder();

/**
 * Puts the units of `text` into the start of `units`, which has room for them, if all are below 128; else all of its
 * content is arbitrary.
 *
 * UTF-8 writes each of those units as one byte, and all others as more. A loop over `charCodeAt` takes 20 times as
 * long.
 */
export function writeAscii(text: string, units: Uint8Array): boolean {
  const { read, written } = encoder.encodeInto(text, units);
  return read === text.length && written === text.length;
}

/** `String.fromCharCode.apply` takes its units as arguments, and engines bound their number. */
const MAX_ARGUMENTS = 4096;
/** Up to here putting units together one by one costs less. */
const FEW = 12;

/** The text of the units from `from` up to `to`; in a `Uint8Array`, they are those below 256. */
export function textOf(units: Uint8Array | Uint16Array, from: number, to: number): string {
  if (to - from === 1) return String.fromCharCode(units[from]!);
  let text = '';
  if (to - from <= FEW) {
    for (let at = from; at < to; at++) text += String.fromCharCode(units[at]!);
    return text;
  }
  for (let at = from; at < to; at += MAX_ARGUMENTS) {
    const piece = units.subarray(at, Math.min(at + MAX_ARGUMENTS, to));
    text += String.fromCharCode.apply(null, piece as unknown as number[]);
  }
  return text;
}

/** Whether a unit of `text` is 256 or more, and needs two bytes. */
export function isWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}
