// Content that is no text, on its way between a room and its workspace's disk.
import { BLOB_PART_BYTES, BlobHash, type BlobRef, blobParts } from '@codesync/protocol';
import { type BlobPut, type Clock, StorageUnavailable } from '../ports.ts';
import { Turns } from '../turns.ts';
import type { DiskAnswer, DiskCommands } from './disk-commands.ts';
import { type Place, sentTo } from './disk-places.ts';

/** The blobs of one room. */
export type RoomBlobs = {
  put(blob: BlobRef, part: number, body: Buffer): Promise<BlobPut>;
  read(blob: BlobRef): AsyncIterable<Buffer>;
};

/** A store may give up what it was sent so long ago and no file has. */
const STORED_MS = 300_000;

/**
 * What stands for a blob wherever the sync has the text of a file: so a file that is no text is written, moved, compared
 * and brought back by the same rules. It begins with half a character, which no text has.
 */
export function standIn({ hash, bytes }: BlobRef): string {
  return `\ud800${hash} ${bytes}`;
}

/** The blob that a text stands for; null for a text that is one. */
export function blobOf(text: string): BlobRef | null {
  const [, hash, bytes] = /^\ud800(\w{64}) (\d+)$/.exec(text) ?? [];
  return hash === undefined ? null : { hash: BlobHash.parse(hash), bytes: Number(bytes) };
}

export class DiskBlobs {
  readonly #blobs: RoomBlobs;
  readonly #clock: Clock;
  readonly #commands: DiskCommands;
  /** When they were stored. */
  readonly #stored = new Map<BlobHash, number>();
  /** One content is sent to the disk at a time: it lies there twice until it is written. */
  readonly #staging = new Turns(1);
  readonly #fetching = new Turns(1);
  #going = 0;

  constructor(blobs: RoomBlobs, clock: Clock, commands: DiskCommands) {
    this.#blobs = blobs;
    this.#clock = clock;
    this.#commands = commands;
  }

  /** Nothing is on its way to the disk. */
  get idle(): boolean {
    return this.#going === 0;
  }

  /** Whether the store has a blob that came from the disk a while ago. */
  has(hash: BlobHash): boolean {
    const at = this.#stored.get(hash);
    return at !== undefined && this.#clock.now() - at < STORED_MS;
  }

  /**
   * Sends a content to the disk, and then calls `write`, which is to send the command that gives it a name. Resolves to
   * null when it did. Otherwise to what the disk said, or to `none` where the content cannot be had.
   */
  async stage(blob: BlobRef, write: () => void): Promise<DiskAnswer | 'none' | null> {
    this.#going++;
    try {
      return await this.#staging.take(async () => {
        let at = 0;
        for await (const part of this.#blobs.read(blob)) {
          const command = {
            type: 'files.stage' as const,
            hash: blob.hash,
            at,
            data: part.toString('base64'),
          };
          const answer = await this.#ask(() => command, part.length);
          if (answer.type !== 'files.done') return answer;
          at += part.length;
        }
        write();
        return null;
      });
    } catch (error) {
      if (error instanceof StorageUnavailable) return 'none';
      throw error;
    } finally {
      this.#going--;
    }
  }

  /**
   * Stores what is in a file of the disk at revision `over`. `changed`: it has changed meanwhile, or cannot be stored now.
   * `full`: the room has as much as it may.
   */
  async fetch(place: Place, blob: BlobRef, over: number): Promise<'stored' | 'changed' | 'full'> {
    try {
      return await this.#fetching.take(() => this.#fetch(place, blob, over));
    } catch (error) {
      if (error instanceof StorageUnavailable) return 'changed';
      throw error;
    }
  }

  async #fetch(place: Place, blob: BlobRef, over: number): Promise<'stored' | 'changed' | 'full'> {
    for (let part = 0; part < blobParts(blob.bytes); part++) {
      if (place.left) return 'changed';
      const at = part * BLOB_PART_BYTES;
      const length = Math.min(BLOB_PART_BYTES, blob.bytes - at);
      const answer = await this.#ask(
        () => ({ type: 'files.fetch', path: sentTo(place), over, at, length }),
        length,
      );
      if (answer.type !== 'files.bytes') return 'changed';
      const body = Buffer.from(answer.data, 'base64');
      if (body.length !== length) return 'changed';
      const put = await this.#blobs.put(blob, part, body);
      if (put.kind !== 'taken') return put.kind === 'full' ? 'full' : 'changed';
      if (put.missing === 0) break;
    }
    this.#stored.set(blob.hash, this.#clock.now());
    return 'stored';
  }

  #ask(command: Parameters<DiskCommands['send']>[0], units: number): Promise<DiskAnswer> {
    return new Promise((resolve) => this.#commands.send(command, units, resolve));
  }
}
