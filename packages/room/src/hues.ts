// The colours that people appear in. Pure.
import { HUES, type ParticipantId } from '@codesync/protocol';
import type { MembersPart } from './nouns/participants.ts';

/**
 * The colour that a person appears in: the one that they wish for, unless somebody else who is here has it.
 * Then it is the one that they already had in this room, if that is free. Else it is the free one that is
 * furthest from all taken ones. When all colours are taken, every wish is granted.
 */
export function hueFor({ members }: MembersPart, participant: ParticipantId, wished: number): number {
  const others = [...members.values()].filter(({ here, id }) => here && id !== participant);
  const taken = new Set(others.map(({ hue }) => hue));
  if (!taken.has(wished) || taken.size >= HUES) return wished;
  const had = members.get(participant)?.hue;
  if (had !== undefined && !taken.has(had)) return had;
  const distance = (a: number, b: number) => Math.min(Math.abs(a - b), HUES - Math.abs(a - b));
  const room = (hue: number) => Math.min(...[...taken].map((other) => distance(hue, other)));
  const hues = Array.from({ length: HUES }, (_, hue) => hue);
  return hues.reduce((best, hue) => (room(hue) > room(best) ? hue : best));
}
