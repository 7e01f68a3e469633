// Numbers as sentences say them.

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const;

/** A small count as a word: 4 is “four”. From eleven on, digits. */
export function inWords(count: number): string {
  return WORDS[count] ?? String(count);
}

/** Bytes as “50 MiB”. */
export function mebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}

/** A large amount as people say it: 2,000,000 is “2 million”, 64,000 is “64,000”. */
export function amount(count: number): string {
  if (count >= 1_000_000 && count % 100_000 === 0) return `${count / 1_000_000} million`;
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
