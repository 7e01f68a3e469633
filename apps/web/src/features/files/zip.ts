// Texts as one zip.
import { Zip, ZipDeflate } from 'fflate';

/** A file by its path in the zip. That of a folder ends with a slash, and has no text. */
export type ZipEntry = { readonly path: string; readonly text: string };

/** The bytes of a zip, in pieces. Entry by entry: fflate's simpler call takes paths for the properties of an object. */
export function zipOf(entries: Iterable<ZipEntry>): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  });
  const encoder = new TextEncoder();
  for (const { path, text } of entries) {
    const entry = new ZipDeflate(path);
    zip.add(entry);
    entry.push(encoder.encode(text), true);
  }
  zip.end();
  return pieces;
}
