import { z } from 'zod';

export const RunStream = z.enum(['stdout', 'stderr']);
export type RunStream = z.infer<typeof RunStream>;

/**
 * What a program wrote to its two streams, in the order in which it wrote it. `text` begins with some of
 * `stream`. If the streams take turns, `turns` has the length of each stretch in UTF-16 units. Without `turns`,
 * all of `text` is of `stream`.
 */
export const runWords = {
  stream: RunStream,
  text: z.string(),
  turns: z.array(z.int().positive()).readonly().optional(),
};
export type RunWords = {
  readonly stream: RunStream;
  readonly text: string;
  readonly turns?: readonly number[] | undefined;
};

/** Text of one stream. */
export type RunStretch = { readonly stream: RunStream; readonly text: string };

const OTHER = { stdout: 'stderr', stderr: 'stdout' } as const satisfies Record<RunStream, RunStream>;

/** The stretches of `words`, without the first `from` UTF-16 units. */
export function* stretchesOf(words: RunWords, from = 0): Generator<RunStretch> {
  let { stream } = words;
  let at = 0;
  for (const length of words.turns ?? [words.text.length]) {
    const end = at + length;
    if (end > from) yield { stream, text: words.text.slice(Math.max(at, from), end) };
    at = end;
    stream = OTHER[stream];
  }
}

/** What one of the streams has of the words. */
export function streamText(words: RunWords, of: RunStream): string {
  let text = '';
  for (const stretch of stretchesOf(words)) if (stretch.stream === of) text += stretch.text;
  return text;
}

/** All of these as one, null when they are empty. */
export function joinedWords(parts: readonly RunWords[]): RunWords | null {
  let first: RunStream | null = null;
  let current: RunStream | null = null;
  const turns: number[] = [];
  for (const { stream, text, turns: its } of parts) {
    let next = stream;
    for (const length of its ?? [text.length]) {
      if (length > 0) {
        first ??= next;
        if (next === current) turns[turns.length - 1]! += length;
        else turns.push(length);
        current = next;
      }
      next = OTHER[next];
    }
  }
  if (first === null) return null;
  const text = parts.length === 1 ? parts[0]!.text : parts.map((part) => part.text).join('');
  return turns.length === 1 ? { stream: first, text } : { stream: first, text, turns };
}
