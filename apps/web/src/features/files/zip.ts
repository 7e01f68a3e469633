// Files as one zip.
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** A file by its path in the zip. That of a folder ends with a slash, and has no text. */
export type ZipEntry = { readonly path: string; readonly content: string | Uint8Array };

/** The bytes of a zip, in pieces. Entry by entry: fflate's simpler call takes paths for the properties of an object. */
export function zipOf(entries: Iterable<ZipEntry>): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  });
  const encoder = new TextEncoder();
  for (const { path, content } of entries) {
    // Pictures and archives get no smaller, and a page that packs them stands still.
    const entry = typeof content === 'string' ? new ZipDeflate(path) : new ZipPassThrough(path);
    zip.add(entry);
    entry.push(typeof content === 'string' ? encoder.encode(content) : content, true);
  }
  zip.end();
  return pieces;
}
