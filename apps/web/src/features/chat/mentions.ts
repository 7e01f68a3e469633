// People named in messages. A message holds their ids, so that it names them by whatever name they have. Pure.
import { type Member, ParticipantId } from '@codesync/protocol';

/** How a message holds somebody: `<@id>`. */
export const MENTION = /<@([A-Za-z0-9_-]{16,22})>/;

/** Code, in which nobody is named. */
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

type Named = Pick<Member, 'id' | 'name'>;

/** The name that is being typed at the end of `before`, and where it begins; null: none is. */
export function typedName(before: string): { readonly from: number; readonly name: string } | null {
  const match = /(?:^|[\s(])@([^\s@]{0,40})$/u.exec(before);
  return match === null ? null : { from: before.length - match[1]!.length - 1, name: match[1]! };
}

/** The people whose name, or a word of it, begins with what was typed. */
export function peopleFor<Person extends Named>(typed: string, people: readonly Person[]): readonly Person[] {
  const sought = typed.toLowerCase();
  return people.filter(({ name }) =>
    name
      .toLowerCase()
      .split(/\s+/)
      .some((_, i, words) => words.slice(i).join(' ').startsWith(sought)),
  );
}

/** What was typed, with `<@id>` for each `@Name` outside of code. Of two with one name, the first is meant. */
export function withIds(text: string, people: readonly Named[]): string {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length);
  return outsideCode(text, (words) =>
    words.replace(/(^|[\s(])@(\S[^\n]*)/gmu, (whole, lead: string) => {
      const found = byLength.find(({ name }) => {
        const rest = whole.slice(lead.length + 1);
        return rest.startsWith(name) && !/^[\p{L}\p{N}_]/u.test(rest.slice(name.length));
      });
      if (found === undefined) return whole;
      const after = whole.slice(lead.length + 1 + found.name.length);
      return `${lead}<@${found.id}>${withIds(after, people)}`;
    }),
  );
}

/** What a message says, with names, as it is typed. */
export function withNames(text: string, nameOf: (id: ParticipantId) => string): string {
  return outsideCode(text, (words) =>
    words.replace(new RegExp(MENTION, 'g'), (_, id: string) => `@${nameOf(ParticipantId.parse(id))}`),
  );
}

/** Whether a message names somebody. */
export function mentions(text: string, who: ParticipantId): boolean {
  return text.includes(`<@${who}>`);
}

function outsideCode(text: string, change: (words: string) => string): string {
  return text
    .split(CODE)
    .map((part, i) => (i % 2 === 1 ? part : change(part)))
    .join('');
}
