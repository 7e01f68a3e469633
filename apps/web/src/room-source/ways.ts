// Which way to the server is tried first, and when the other one is. Pure.
import type { Way } from '@codesync/protocol';

/**
 * A WebSocket is the better way, but some networks let none through. A proxy takes the request for it apart, refuses
 * it, or accepts it and then hands nothing on. Polling gets through wherever the page itself did. A client that doubts
 * WebSockets is in the room by polling sooner, and goes on to look for one.
 */

/**
 * 0: nothing speaks against WebSockets. 1: the last one did not open where polling did, or was lost soon. From 2 on:
 * they open, and fail in use.
 */
export type Doubts = number;

/** What was kept of them, null where that is none. */
export function asDoubts(value: unknown): Doubts | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as Doubts) : null;
}

export const FAILS_IN_USE: Doubts = 2;

/** A WebSocket that was in use for so long causes no doubts, whatever becomes of it then. */
export const TRUSTED_MS = 30_000;

/** How long the first way is alone, while it has not failed. */
const HEAD_START_MS = 3_000;
const DOUBTED_HEAD_START_MS = 700;

/** The second way is tried as soon as the first has failed, and at the latest after `headStartMs`. */
export type Attempt = { readonly ways: readonly [Way, Way]; readonly headStartMs: number };

export function attempt(doubts: Doubts): Attempt {
  if (doubts >= FAILS_IN_USE) return { ways: ['polling', 'websocket'], headStartMs: HEAD_START_MS };
  const headStartMs = doubts === 0 ? HEAD_START_MS : DOUBTED_HEAD_START_MS;
  return { ways: ['websocket', 'polling'], headStartMs };
}

const FIRST_LOOK_MS = 2_000;
const LONGEST_LOOK_MS = 120_000;

/** How long a polling client waits before it looks for a WebSocket, after `failed` looks without success. */
export function lookAfter(failed: number, random: number): number {
  const full = Math.min(FIRST_LOOK_MS * 2 ** failed, LONGEST_LOOK_MS);
  return Math.round(full * (0.5 + random / 2));
}

const LONGEST_TRIAL_MS = 300_000;

/**
 * For how long a WebSocket has to answer before the client moves to it. Where others failed in use, it is longer than
 * they lasted.
 */
export function trialMs(doubts: Doubts): number {
  if (doubts < FAILS_IN_USE) return 0;
  return Math.min(TRUSTED_MS * 2 ** (doubts - FAILS_IN_USE), LONGEST_TRIAL_MS);
}
