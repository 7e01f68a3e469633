// What is said aloud of the others: who came, who left, and who edits close by. Pure.
import type { Member, ParticipantId } from '@codesync/protocol';
import { namesOf } from './words.ts';

/** Lines between two cursors that are close to each other. */
const NEAR_LINES = 3;

/** Who goes on editing close by is not told of again for so long. */
const QUIET_MS = 20_000;

/** How long after their last key somebody counts as editing. */
const EDITING_MS = 1_500;

type Here = Pick<Member, 'id' | 'name' | 'here'>;

/** “Bea joined.”, “Bea and Cleo left.”; nothing of `you`. */
export function comingsWords(
  before: ReadonlyMap<ParticipantId, Here>,
  after: ReadonlyMap<ParticipantId, Here>,
  you: ParticipantId | null,
): string[] {
  const others = [...after.values()].filter(({ id }) => id !== you);
  const came = others.filter(({ id, here }) => here && before.get(id)?.here !== true);
  const left = others.filter(({ id, here }) => !here && before.get(id)?.here === true);
  return [
    ...(came.length === 0 ? [] : [`${namesOf(came)} joined.`]),
    ...(left.length === 0 ? [] : [`${namesOf(left)} left.`]),
  ];
}

/** A cursor of another in the file that is seen. `typedAt`: Unix milliseconds, 0 for never. */
export type Neighbour = {
  readonly participant: ParticipantId;
  readonly name: string;
  readonly line: number;
  readonly typedAt: number;
};

/** Who edits within three lines of this person's cursor. Each is told of once, until they were away or quiet for a while. */
export class NearEdits {
  readonly #toldAt = new Map<ParticipantId, number>();

  /** What is to be said now. @param line where this person's cursor is */
  look(neighbours: readonly Neighbour[], line: number, now: number): string[] {
    return neighbours.flatMap((neighbour) => {
      const { participant, typedAt } = neighbour;
      if (now - typedAt > EDITING_MS || Math.abs(neighbour.line - line) > NEAR_LINES) return [];
      const told = this.#toldAt.get(participant);
      this.#toldAt.set(participant, now);
      return told !== undefined && now - told < QUIET_MS ? [] : [nearWords(neighbour, line)];
    });
  }
}

function nearWords({ name, line }: Neighbour, mine: number): string {
  const away = Math.abs(line - mine);
  if (away === 0) return `${name} edits your line.`;
  return `${name} edits line ${line}, ${away} ${line < mine ? 'above' : 'below'} yours.`;
}
