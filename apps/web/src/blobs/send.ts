// Sends a file's content part by part, and goes on by itself when the connection was lost. Time is given to it.
import { BLOB_PART_BYTES, type BlobRef, blobParts, type Refusal } from '@codesync/protocol';
import type { PutResult } from './transport.ts';

/** Parts that are on their way at the same time. */
const AT_ONCE = 3;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export type Sending = {
  readonly put: (part: number, signal: AbortSignal) => Promise<PutResult>;
  /** Calls `run` after so many milliseconds. Returns the way to stop it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told of how many bytes have arrived. */
  readonly arrived: (bytes: number) => void;
};

/**
 * Resolves to null when the server has all of a blob, or to why it does not take it. A part that got no answer is sent
 * again after pauses that grow, for as long as it takes. Rejects when `signal` aborts.
 */
export async function sendBlob(blob: BlobRef, sending: Sending): Promise<Refusal | null> {
  const { put, arrived, random, signal } = sending;
  /** Ends what is still under way when the rest need not come any more. */
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const left = Array.from({ length: blobParts(blob.bytes) }, (_, part) => part);
  let there = 0;
  let atOnce = AT_ONCE;
  let refused: Refusal | null = null;

  const work = async (nth: number): Promise<void> => {
    for (let losses = 0; nth < atOnce; ) {
      const part = left.shift();
      if (part === undefined) return;
      const result = await put(part, stop);
      if (result.kind === 'taken') {
        losses = 0;
        there += lengthOf(blob, part);
        arrived(result.missing === 0 ? blob.bytes : there);
        if (result.missing === 0) return over.abort();
      } else if (result.kind === 'refused') {
        refused = result.error;
        return over.abort();
      } else {
        left.unshift(part);
        // Perhaps the way is too narrow for several parts to arrive in time.
        if (result.kind === 'lost') atOnce = Math.max(1, atOnce - 1);
        if (nth >= atOnce) return;
        await pause(result.kind === 'wait' ? result.ms : pauseAfter(losses++, random()), sending, stop);
      }
    }
  };

  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, nth) => work(nth)));
  signal.throwIfAborted();
  for (const end of ends) if (end.status === 'rejected' && !over.signal.aborted) throw end.reason;
  return refused;
}

function lengthOf({ bytes }: BlobRef, part: number): number {
  return Math.min(BLOB_PART_BYTES, bytes - part * BLOB_PART_BYTES);
}

/** Milliseconds before a part is sent again that was lost so often before; between half of the pause and all of it. */
function pauseAfter(tries: number, chance: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  return whole * (0.5 + chance / 2);
}

function pause(ms: number, { after }: Pick<Sending, 'after'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = after(ms, () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
