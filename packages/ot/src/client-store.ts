// The client's side of one file as plain JSON, to outlive a reload. Pure.
import { check } from './check.ts';
import { type Client, openClient } from './client.ts';
import type { Op } from './op.ts';
import { Pending } from './pending.ts';

/** A `Client` as plain data. */
export interface StoredClient {
  readonly version: number;
  readonly inFlight: { readonly clientSeq: number; readonly op: Op } | null;
  readonly buffer: Op | null;
}

/**
 * `client` as plain data, for JSON or IndexedDB.
 *
 * Store it before the edit in flight is sent. A client that reloads without the stored edit takes it for one
 * that it forgot, and sends what it remembers of it once more.
 */
export function storeClient(client: Client): StoredClient {
  const { version } = client;
  if (client.state === 'synchronized') return { version, inFlight: null, buffer: null };
  const { clientSeq, edit } = client.inFlight;
  const buffer = client.state === 'awaiting-ack-with-buffer' ? client.buffer.toOp() : null;
  return { version, inFlight: { clientSeq, op: edit.toOp() }, buffer };
}

/**
 * The client that was stored. Its view is the server's text at `version` with `pendingOp` applied.
 * @throws InvalidOpError if an operation in it is malformed.
 */
export function restoreClient(stored: StoredClient): Client {
  const { version } = stored;
  if (stored.inFlight === null) return openClient(version);
  const { clientSeq, op } = stored.inFlight;
  const inFlight = { clientSeq, edit: Pending.of(check(op)) };
  if (stored.buffer === null) return { state: 'awaiting-ack', version, inFlight };
  return { state: 'awaiting-ack-with-buffer', version, inFlight, buffer: Pending.of(check(stored.buffer)) };
}
