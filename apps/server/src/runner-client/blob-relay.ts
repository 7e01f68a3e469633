// The content of files that are no text, on its way from the store to a runner that asks for it. A runner gets what a run
// that goes on has named, and nothing else.
import type { BlobHash, BlobNone, BlobPart, BlobRef, BlobWanted, RoomId, RunId } from '@codesync/protocol';
import type { BlobReader, Log, RunRequest } from '../ports.ts';

type Named = { readonly room: RoomId; readonly blobs: ReadonlyMap<BlobHash, BlobRef> };

export class BlobRelay {
  readonly #read: BlobReader;
  readonly #log: Log;
  readonly #send: (answer: BlobPart | BlobNone) => Promise<void>;
  readonly #named = new Map<RunId, Named>();

  /** @param send resolves when the answer has left this process, or cannot any more. */
  constructor(read: BlobReader, log: Log, send: (answer: BlobPart | BlobNone) => Promise<void>) {
    this.#read = read;
    this.#log = log;
    this.#send = send;
  }

  /** A run is about to start: what it names may be asked for. */
  enter({ run, room, files }: RunRequest): void {
    const blobs = files.flatMap((file) => ('blob' in file ? [[file.blob.hash, file.blob] as const] : []));
    if (blobs.length > 0) this.#named.set(run, { room, blobs: new Map(blobs) });
  }

  /** The run is over: what is still on its way to it stops. */
  leave(run: RunId): void {
    this.#named.delete(run);
  }

  /** Sends what is asked for, a part at a time. Never rejects. */
  async answer({ run, hash }: BlobWanted): Promise<void> {
    const named = this.#named.get(run);
    const blob = named?.blobs.get(hash);
    try {
      if (named === undefined || blob === undefined) throw new Error('the run does not name it');
      let part = 0;
      for await (const body of this.#read(named.room, blob)) {
        if (!this.#named.has(run)) return;
        await this.#send({ type: 'blob.part', run, hash, part: part++, data: body.toString('base64') });
      }
    } catch (error) {
      this.#log.warn({ err: error, run }, 'a file of a run cannot be read');
      await this.#send({ type: 'blob.none', run, hash });
    }
  }
}
