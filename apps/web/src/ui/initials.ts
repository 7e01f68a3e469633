const segmenter = new Intl.Segmenter();

function firstOf(word: string): string {
  const [first] = segmenter.segment(word);
  return first?.segment ?? '';
}

/** One or two characters that stand for a name: “Ada Lovelace” is AL, “grace” is G, “山田” is 山. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter((word) => word !== '');
  const first = firstOf(words[0] ?? '');
  const last = words.length > 1 ? firstOf(words.at(-1)!) : '';
  return (first + last).toLocaleUpperCase() || '?';
}
