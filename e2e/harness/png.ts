/** Pictures made by the test: a PNG of any size, pixel by pixel. */
import { crc32, deflateSync } from 'node:zlib';

/** Red, green, blue and opacity, each from 0 to 255. */
export type Pixel = readonly [number, number, number, number];

/** A PNG whose pixels are what `pixel` says of them. */
export function png(width: number, height: number, pixel: (x: number, y: number) => Pixel): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits of each of four channels.
  head.set([8, 6], 8);
  // Each row begins with its filter: none.
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => pixel(x, y)).flat(),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
