// How much a room holds, and may hold. Pure.
import { LIMITS } from '@codesync/protocol';
import { type Decision, refuse } from './decision.ts';
import type { FilesPart } from './file-tree.ts';

/** By the files that they were counted of, which never change. */
const counted = new WeakMap<FilesPart['files'], number>();

/** Bytes of the files that are no text. Counts the same map once: a keystroke leaves it as it is. */
export function blobBytes(files: FilesPart['files']): number {
  let bytes = counted.get(files);
  if (bytes === undefined) {
    bytes = 0;
    for (const { blob } of files.values()) bytes += blob?.bytes ?? 0;
    counted.set(files, bytes);
  }
  return bytes;
}

/**
 * Why a room may not come to hold so much; null when it may.
 *
 * @param units UTF-16 units of all text. Each counts as a byte.
 * @param bytes of all files that are no text.
 */
export function tooLarge(units: number, bytes: number): Decision | null {
  return units + bytes > LIMITS.roomBytes ? refuse('room.tooLarge') : null;
}
