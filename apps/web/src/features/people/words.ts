import type { Member, ParticipantId, Role, Run, Terminal, TerminalId } from '@codesync/protocol';
import type { PersonActivity } from '@codesync/room';

export const ROLE_WORDS: Readonly<Record<Role, { readonly label: string; readonly may: string }>> = {
  host: { label: 'Host', may: 'Edits, runs, and decides who may do what' },
  editor: { label: 'Editor', may: 'Edits files and runs them' },
  viewer: { label: 'Viewer', may: 'Reads and follows along' },
};

const RANK: Readonly<Record<Role, number>> = { host: 0, editor: 1, viewer: 2 };

/** Names that end in numbers are in the order of the numbers. */
const byName = new Intl.Collator(undefined, { numeric: true });

/** The members in the order of the panel: you, then those here by role and name, then those who are away. */
export function peopleInOrder(
  members: Iterable<Member>,
  you: ParticipantId | null,
): {
  readonly here: readonly Member[];
  readonly away: readonly Member[];
} {
  const sorted = [...members]
    .filter((member) => !member.removed)
    .sort((a, b) => {
      if (a.id === you || b.id === you) return a.id === you ? -1 : 1;
      return RANK[a.role] - RANK[b.role] || byName.compare(a.name, b.name);
    });
  return {
    here: sorted.filter((member) => member.here || member.id === you),
    away: sorted.filter((member) => !member.here && member.id !== you),
  };
}

/** “Ada”, “Ada and Grace”, “Ada, Grace and 2 others”. */
export function namesOf(people: readonly { readonly name: string }[]): string {
  const names = people.map(({ name }) => name);
  if (names.length <= 2) return names.join(' and ');
  const rest = names.length - 2;
  return `${names[0]}, ${names[1]} and ${rest} other${rest === 1 ? '' : 's'}`;
}

/** What a button says of the people here: how many, and whose connection is lost. */
export function hereWords(
  people: readonly { readonly id: ParticipantId; readonly name: string }[],
  lost: ReadonlySet<ParticipantId>,
): string {
  const cut = people.filter(({ id }) => lost.has(id));
  return `People: ${people.length} here${cut.length === 0 ? '' : `, connection lost: ${namesOf(cut)}`}`;
}

/** What the programs are called that somebody started and that have not ended: by configuration, or by file. */
export function runningOf(runs: Iterable<Run>, participant: ParticipantId): string[] {
  return [...runs]
    .filter(({ by, end }) => by === participant && end === null)
    .map(({ configuration, entry, files }) => {
      return configuration?.name ?? files.find(({ file }) => file === entry)?.path ?? 'a program';
    });
}

/**
 * What somebody does just now, the most telling first: “typing”, “running main.py”, “in Terminal 2”, “follows you”,
 * “idle”. `followed`: whom they follow, as that is called; null: nobody.
 */
export function doesWords(
  activity: PersonActivity | undefined,
  followed: string | null,
  running: readonly string[],
  terminals: ReadonlyMap<TerminalId, Terminal>,
): string[] {
  const terminal = activity?.terminal == null ? undefined : terminals.get(activity.terminal);
  return [
    ...(activity?.speaking ? ['speaking'] : []),
    ...(activity?.typing ? ['typing'] : []),
    ...running.map((name) => `running ${name}`),
    ...(terminal === undefined ? [] : [`in ${terminal.name}`]),
    ...(followed === null ? [] : [`follows ${followed}`]),
    ...(activity === undefined || activity.attention === 'active' ? [] : [activity.attention]),
  ];
}
