// Text from UTF-16 units, and units from text. Pure.

/** The parts of the standard encoder and decoder that this file uses. Every browser and Node have them. */
declare class TextEncoder {
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}
declare class TextDecoder {
  constructor(encoding: 'utf-8', options: { readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** From this many units on, the encoder and decoder of the platform beat a loop. */
export const LONG_TEXT = 32;

/**
 * Writes the units of `text` to the start of `units`, which must have room for them. Returns false if a unit is
 * 128 or more; the content of `units` is then arbitrary.
 *
 * UTF-8 writes each unit below 128 as one byte, and any other as more. A loop over `charCodeAt` takes 20 times
 * as long.
 */
export function writeAscii(text: string, units: Uint8Array): boolean {
  const { read, written } = encoder.encodeInto(text, units);
  return read === text.length && written === text.length;
}

/**
 * The text of these units if all are below 128, else null.
 *
 * A byte of 128 or more decodes to U+FFFD, or to fewer units than there are bytes. For hundreds of units,
 * decoding takes a tenth of the time of `String.fromCharCode`.
 */
export function readAscii(units: Uint8Array): string | null {
  const text = decoder.decode(units);
  return text.length === units.length && !text.includes('\uFFFD') ? text : null;
}

/** `String.fromCharCode.apply` takes its units as arguments, and engines limit how many there may be. */
const MAX_ARGUMENTS = 4096;
/** Up to this many units, it costs less to append them one by one. */
export const FEW = 12;

/** The text of the units from `from` up to `to`. Those in a `Uint8Array` are below 256. */
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
