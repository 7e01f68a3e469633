// Which pictures the page shows, by what they begin with. Pure.

/** So many bytes from the beginning say what a picture is. */
export const HEAD_BYTES = 32;

const text = (head: Uint8Array, from: number, to: number) => String.fromCharCode(...head.subarray(from, to));

/** Of the brands of a file in the ISO base media format, those of AVIF. */
const AVIF = ['avif', 'avis'];

/**
 * The media type of the picture that begins with these bytes; null: it is none that browsers show. The name of a file
 * says nothing of what is in it.
 */
export function pictureType(head: Uint8Array): string | null {
  const starts = (...bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (['GIF87a', 'GIF89a'].includes(text(head, 0, 6))) return 'image/gif';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP') return 'image/webp';
  if (text(head, 4, 8) === 'ftyp') {
    // The major brand, a version, and the compatible brands.
    const brands = [8, 16, 20, 24, 28].map((at) => text(head, at, at + 4));
    return brands.some((brand) => AVIF.includes(brand)) ? 'image/avif' : null;
  }
  // The second is the offset of the pixels' header, which is 40 bytes long or longer.
  if (text(head, 0, 2) === 'BM' && starts(0x42, 0x4d) && head[14]! >= 40 && head[15] === 0)
    return 'image/bmp';
  // One picture at least, and a byte that is kept at 0.
  if (starts(0, 0, 1, 0) && head[4]! + head[5]! > 0 && head[9] === 0) return 'image/x-icon';
  return null;
}

const ENDING = /\.(png|jpe?g|gif|webp|avif|bmp|ico)$/i;

/** Whether a file is called as pictures are. It may be none. */
export function isCalledPicture(path: string): boolean {
  return ENDING.test(path);
}
