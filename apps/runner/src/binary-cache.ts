/**
 * Compiled programs, kept per room for the next run of the same sources. Bounded over all rooms and in each; what
 * was used least recently goes first. Rooms share nothing, so that no room can learn or change what another runs.
 */
import { createHash } from 'node:crypto';
import type { RunnerStart } from '@codesync/protocol';

/** The same for two runs exactly when they would compile to the same program: image, language, entry and files. */
export function binaryKey(image: string, start: RunnerStart): string {
  const hash = createHash('sha256');
  const add = (text: string) => hash.update(`${Buffer.byteLength(text)}:`).update(text);
  add(image);
  add(start.language);
  add(start.entry);
  const files = start.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of files) {
    add(file.path);
    // Compilers can put files that are no text into a program.
    add('text' in file ? 'text' : 'blob');
    add('text' in file ? file.text : file.blob.hash);
  }
  return hash.digest('hex');
}

export class BinaryCache {
  readonly #maxBytes: number;
  readonly #maxRoomBytes: number;
  /** In the order of their last use, oldest first. */
  readonly #entries = new Map<string, { room: string; binary: Buffer }>();
  readonly #roomBytes = new Map<string, number>();
  #bytes = 0;

  constructor(maxBytes: number, maxRoomBytes: number) {
    this.#maxBytes = maxBytes;
    this.#maxRoomBytes = maxRoomBytes;
  }

  get(room: string, key: string): Buffer | undefined {
    const name = `${room}\n${key}`;
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.binary;
  }

  put(room: string, key: string, binary: Buffer): void {
    if (binary.length > this.#maxRoomBytes) return;
    this.#drop(`${room}\n${key}`);
    for (const [name, entry] of this.#entries) {
      if (this.#roomTotal(room) + binary.length <= this.#maxRoomBytes) break;
      if (entry.room === room) this.#drop(name);
    }
    for (const name of this.#entries.keys()) {
      if (this.#bytes + binary.length <= this.#maxBytes) break;
      this.#drop(name);
    }
    this.#entries.set(`${room}\n${key}`, { room, binary });
    this.#bytes += binary.length;
    this.#roomBytes.set(room, this.#roomTotal(room) + binary.length);
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  #roomTotal(room: string): number {
    return this.#roomBytes.get(room) ?? 0;
  }

  #drop(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#bytes -= entry.binary.length;
    const left = this.#roomTotal(entry.room) - entry.binary.length;
    if (left > 0) this.#roomBytes.set(entry.room, left);
    else this.#roomBytes.delete(entry.room);
  }
}
