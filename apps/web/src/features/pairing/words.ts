// How pairing is told. Pure.
import type { PairTimer } from '@codesync/protocol';

/** “14:05”, “0:09”, “1:30:00”: rounded up, so that it shows nothing left only at the end. */
export function clockWords(ms: number): string {
  const all = Math.max(0, Math.ceil(ms / 1_000));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** “1 minute”, “15 minutes”. */
export function minutesWords(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/** What is left of a timer at a moment of the server's clock, in milliseconds. */
export function leftMs({ state }: PairTimer, now: number): number {
  if (state.kind === 'paused') return state.leftMs;
  return state.kind === 'running' ? Math.max(0, state.endsAt - now) : 0;
}
