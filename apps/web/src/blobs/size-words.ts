// How long something is, as people say it. Pure.

const UNITS = ['kB', 'MB', 'GB'] as const;

/** Bytes in words: “0 bytes”, “812 bytes”, “12.4 MB”. A kB is 1,000 bytes. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let [value, unit] = [bytes / 1_000, 0];
  while (roundedAt(value) >= 1_000 && unit < UNITS.length - 1) [value, unit] = [value / 1_000, unit + 1];
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** As it is going to be shown. */
function roundedAt(value: number): number {
  return value < 99.95 ? value : Math.round(value);
}
