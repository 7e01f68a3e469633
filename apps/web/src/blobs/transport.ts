// The content of files on its way to the server and from there: one request each, as values.
import type { BlobRef, PutBlobReply, Refusal, RoomId } from '@codesync/protocol';
import { at } from '../base.ts';
import { HEAD_BYTES } from './picture.ts';

/** The server ends a request that takes longer. */
const PUT_MS = 20_000;
/** Content of which nothing comes for so long is given up. */
const SILENT_MS = 15_000;

/**
 * What became of a part. `wait`: the server asks for a pause of so many milliseconds. `lost`: there was no answer, or one
 * that may be another one the next time.
 */
export type PutResult =
  | { readonly kind: 'taken'; readonly missing: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly error: Refusal };

/** Sends one part of a blob. Rejects when `signal` aborts. */
export async function putPart(
  room: RoomId,
  { hash, bytes }: BlobRef,
  part: number,
  body: Blob,
  signal: AbortSignal,
): Promise<PutResult> {
  try {
    const response = await fetch(at(`api/rooms/${room}/blobs/${hash}/${part}?bytes=${bytes}`), {
      method: 'PUT',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/octet-stream' },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PUT_MS)]),
    });
    if (response.ok) return { kind: 'taken', ...((await response.json()) as PutBlobReply) };
    if (response.status === 429) return { kind: 'wait', ms: pauseOf(response) };
    if (response.status >= 500) return { kind: 'lost' };
    const { error } = (await response.json()) as { error: Refusal };
    return { kind: 'refused', error };
  } catch {
    signal.throwIfAborted();
    return { kind: 'lost' };
  }
}

/** Milliseconds that an answer asks to wait. */
function pauseOf({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : 5_000;
}

/** `skipped`: whoever asked did not want it, by its beginning. */
export type GetResult =
  | { readonly kind: 'got'; readonly blob: Blob }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'failed'; readonly message: string };

export type GetOptions = {
  readonly signal: AbortSignal;
  /** Told of how many bytes have come. */
  readonly came?: (bytes: number) => void;
  /** Whether the rest is wanted, by the first `HEAD_BYTES`, or by all where there are fewer. */
  readonly wanted?: (head: Uint8Array) => boolean;
};

const UNREACHABLE = 'The server cannot be reached. Try again when the connection is back.';
const BUSY = 'The server could not answer just now. Try again in a moment.';

/** Fetches a blob. Rejects when `signal` aborts. */
export async function getBlob(
  room: RoomId,
  { hash, bytes }: BlobRef,
  { signal, came, wanted }: GetOptions,
): Promise<GetResult> {
  const own = new AbortController();
  let timer = setTimeout(() => own.abort(), SILENT_MS);
  const stillThere = () => {
    clearTimeout(timer);
    timer = setTimeout(() => own.abort(), SILENT_MS);
  };
  try {
    const response = await fetch(at(`api/rooms/${room}/blobs/${hash}`), {
      credentials: 'same-origin',
      signal: AbortSignal.any([signal, own.signal]),
    });
    if (!response.ok) return failed(await whyNot(response));
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    let asked = wanted === undefined;
    for (const reader = response.body!.getReader(); ; ) {
      const { done, value } = await reader.read();
      stillThere();
      if (!done) {
        pieces.push(value);
        length += value.length;
        came?.(length);
      }
      if (!asked && (done || length >= HEAD_BYTES)) {
        asked = true;
        const head = new Uint8Array(await new Blob(pieces).slice(0, HEAD_BYTES).arrayBuffer());
        if (wanted?.(head) === false) return { kind: 'skipped' };
      }
      if (done) break;
    }
    return length === bytes ? { kind: 'got', blob: new Blob(pieces) } : failed(UNREACHABLE);
  } catch {
    signal.throwIfAborted();
    return failed(UNREACHABLE);
  } finally {
    clearTimeout(timer);
    own.abort();
  }
}

/** The sentence of an answer that is no blob. */
async function whyNot(response: Response): Promise<string> {
  const reply = (await response.json().catch(() => null)) as { error?: Refusal } | null;
  return reply?.error?.message ?? BUSY;
}

function failed(message: string): GetResult {
  return { kind: 'failed', message };
}
