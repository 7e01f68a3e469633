/** Files that are no text, to be shown in the gallery. */
import { png } from '../harness/png.ts';

/** A sun over the sea; what lies beside it lets through what is behind. */
export const SUNRISE = png(720, 480, (x, y) => {
  const far = Math.hypot(x - 360, y - 300);
  const edge = Math.max(0, Math.min(1, (Math.hypot(x - 360, y - 240) - 200) / 2));
  const ripple = y > 300 ? 24 * Math.sin(x / 23 + y / 5) : 0;
  const light = Math.max(0, 1 - far / 330);
  const [red, green, blue] =
    far < 62 && y <= 300 ? [255, 226, 140] : [70 + 185 * light, 84 + 80 * light, 150];
  return [red + ripple, green + ripple, blue + ripple, 255 * (1 - edge)].map((part) =>
    Math.max(0, Math.min(255, Math.round(part))),
  ) as [number, number, number, number];
});

/** What a compressed archive begins with, and nothing in it that anybody could read. */
export const ARCHIVE = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(1_203_400, 0xa7)]);
