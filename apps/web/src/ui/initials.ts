const segmenter = new Intl.Segmenter();
/** Digits of a name that are shown: more do not fit. */
const DIGITS = 2;

function firstOf(word: string): string {
  const [first] = segmenter.segment(word);
  return first?.segment ?? '';
}

/**
 * One to three characters that stand for a name: “Ada Lovelace” is AL, “grace” is G, “山田” is 山. A number at the end is
 * kept, since it may be all that tells people apart: “Student 12” is S12.
 */
export function initials(name: string): string {
  const [, text, digits] = /^(.*?)(\d*)$/su.exec(name.trim())!;
  const words = text!.split(/[\s._-]+/u).filter((word) => word !== '');
  const first = firstOf(words[0] ?? '');
  const number = digits!.slice(-DIGITS);
  if (number !== '') return first.toLocaleUpperCase() + number;
  const last = words.length > 1 ? firstOf(words.at(-1)!) : '';
  return (first + last).toLocaleUpperCase() || '?';
}

type Marked<Id extends string> = { readonly id: Id; readonly name: string; readonly hue: number };

/**
 * Initials by id, so that no two of `people` share both letters and colour. Of those who would, the first in `people`
 * keeps theirs. The others get more of their name, or a number, as far as that goes.
 */
export function distinctInitials<Id extends string>(people: Iterable<Marked<Id>>): ReadonlyMap<Id, string> {
  const letters = new Map<Id, string>();
  const taken = new Set<string>();
  for (const { id, name, hue } of people) {
    const choices = choicesFor(name);
    const chosen = choices.find((choice) => !taken.has(`${hue} ${choice}`)) ?? choices[0]!;
    taken.add(`${hue} ${chosen}`);
    letters.set(id, chosen);
  }
  return letters;
}

function choicesFor(name: string): string[] {
  const short = initials(name);
  const [first = '', ...others] = [...segmenter.segment(name.trim())].map(({ segment }) => segment);
  const longer = others.filter((letter) => /[\p{L}\p{N}]/u.test(letter)).map((letter) => first + letter);
  const numbered = Array.from({ length: 98 }, (_, index) => `${firstOf(short)}${index + 2}`);
  return [short, ...longer, ...numbered].map((choice) => (choice === short ? choice : capital(choice)));
}

function capital(choice: string): string {
  const first = firstOf(choice);
  return first.toLocaleUpperCase() + choice.slice(first.length).toLocaleLowerCase();
}
