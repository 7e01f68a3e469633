// Where messages point at in the text of a file. An edit carries them. Pure.
import { type Op, transformPosition } from '@codesync/ot';
import { LIMITS, type MessageId, type Stretch } from '@codesync/protocol';
import type { FoldedText } from './folded-text.ts';

/**
 * `stretch` after `op`. What is typed at its edges is not part of it; of what is deleted as a whole the place is left.
 */
export function carryStretch({ from, to }: Stretch, op: Op): Stretch {
  const start = transformPosition(from, op, 'right');
  const end = transformPosition(to, op, 'left');
  return { from: Math.min(start, end), to: Math.max(start, end) };
}

/** Carries all places of a file through one edit of it, in place. */
export function carryPlaces(places: Map<MessageId, Stretch>, op: Op): void {
  for (const [message, stretch] of places) places.set(message, carryStretch(stretch, op));
}

/** Notes a place in a file. Of too many the oldest is forgotten. */
export function notePlace(text: FoldedText, message: MessageId, { from, to }: Stretch): void {
  text.places ??= new Map();
  text.places.set(message, { from, to });
  if (text.places.size <= LIMITS.chatPlacesPerFile) return;
  const [oldest] = text.places.keys();
  text.places.delete(oldest!);
}
