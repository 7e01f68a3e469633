// Whether somebody speaks, from how loud their microphone is: soon on, later off, so that a pause is no end. Pure.

const LOUD = 0.02;
const PAUSE_MS = 900;

export type Speaking = { readonly speaking: boolean; readonly loudAt: number };

export const QUIET: Speaking = { speaking: false, loudAt: Number.NEGATIVE_INFINITY };

/** @param level 0 to 1; null: the microphone is off. @param now milliseconds */
export function nextSpeaking(before: Speaking, level: number | null, now: number): Speaking {
  if (level === null) return QUIET;
  const loudAt = level >= LOUD ? now : before.loudAt;
  const speaking = now - loudAt < PAUSE_MS;
  return speaking === before.speaking && loudAt === before.loudAt ? before : { speaking, loudAt };
}
