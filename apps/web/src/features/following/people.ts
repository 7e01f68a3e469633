// Who can be followed, or asked to come. Pure.
import type { Member, ParticipantId } from '@codesync/protocol';

/** The people who are here, without `you`, in the order in which they first joined. */
export function othersHere(members: Iterable<Member>, you: ParticipantId | null): readonly Member[] {
  return [...members].filter(({ id, here, removed }) => here && !removed && id !== you);
}
