import { LIMITS } from '@codesync/protocol';

/** What is wrong with a room's name that the protocol does not take, in a sentence. */
export function roomNameProblem(name: string): string {
  const { length } = name.trim();
  if (length === 0) return 'Type a name first.';
  if (length <= LIMITS.roomNameUnits) return 'This name has a character that names cannot have.';
  return `A room’s name can have up to ${LIMITS.roomNameUnits} characters; this one has ${length}.`;
}
