// The hash that names the content of a file.
import { BLOB_PART_BYTES, BlobHash } from '@codesync/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * The SHA-256 of a file's bytes. The browser computes it where it can, which is in a secure context only.
 *
 * @throws DOMException where the file cannot be read, or when `signal` aborts.
 */
export async function hashOf(file: Blob, signal: AbortSignal): Promise<BlobHash> {
  if (globalThis.crypto?.subtle === undefined) return hashInPieces(file, signal);
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  signal.throwIfAborted();
  return BlobHash.parse(bytesToHex(new Uint8Array(digest)));
}

/** The same without the browser's help, for pages over http from another machine. Between two pieces the page can do other things. */
export async function hashInPieces(file: Blob, signal: AbortSignal): Promise<BlobHash> {
  const sum = sha256.create();
  for (let at = 0; at < file.size; at += BLOB_PART_BYTES) {
    signal.throwIfAborted();
    sum.update(new Uint8Array(await file.slice(at, at + BLOB_PART_BYTES).arrayBuffer()));
  }
  return BlobHash.parse(bytesToHex(sum.digest()));
}
