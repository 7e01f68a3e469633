/**
 * The content of files that are no text, for the runs that need it. What is not kept is asked for, once for all that
 * wait for it. Whoever is asked may fail: then the next one that waits is.
 */
import { createHash, type Hash } from 'node:crypto';
import type { BlobHash, BlobNone, BlobPart, BlobRef, RunId } from '@codesync/protocol';
import { type BlobBytes, BlobCache } from './blob-cache.ts';

/** Who needs a blob. It hears of it at most once. */
export type BlobAsker = {
  readonly run: RunId;
  /** Asks the server for it, as the run. May be called again, and never after it has heard of it or has left. */
  ask(): void;
  got(bytes: BlobBytes): void;
  /** The server has none for this run, or what it sent is not what the hash says. */
  failed(): void;
};

type Question = {
  readonly blob: BlobRef;
  /** The first of them has asked. */
  readonly askers: BlobAsker[];
  parts: Buffer[];
  /** Bytes that have not come yet. */
  left: number;
  sum: Hash;
};

export class Blobs {
  readonly #cache: BlobCache;
  readonly #questions = new Map<BlobHash, Question>();

  /** @param maxBytes How much is kept for later runs. */
  constructor(maxBytes: number) {
    this.#cache = new BlobCache(maxBytes);
  }

  /** Gets a blob for a run, which may have it before this returns. Returns how the run leaves: it hears no more. */
  want(blob: BlobRef, asker: BlobAsker): () => void {
    const { hash } = blob;
    const kept = this.#cache.get(hash);
    if (kept !== undefined) {
      asker.got(kept);
      return () => {};
    }
    const question = this.#questions.get(hash);
    if (question === undefined) {
      this.#questions.set(hash, { blob, askers: [asker], ...nothingYet(blob) });
      asker.ask();
    } else {
      question.askers.push(asker);
    }
    return () => this.#leave(hash, asker);
  }

  /** A part has come. One that nobody waits for is left alone. */
  take({ run, hash, part, data }: BlobPart): void {
    const question = this.#asked(run, hash);
    if (question === undefined) return;
    const bytes = Buffer.from(data, 'base64');
    if (part !== question.parts.length || bytes.length > question.left) {
      this.#fail(question);
      return;
    }
    question.parts.push(bytes);
    question.left -= bytes.length;
    question.sum.update(bytes);
    if (question.left === 0) this.#finish(question);
  }

  /** The server has none for the run. */
  none({ run, hash }: BlobNone): void {
    const question = this.#asked(run, hash);
    if (question !== undefined) this.#fail(question);
  }

  /** What this run has asked for. */
  #asked(run: RunId, hash: BlobHash): Question | undefined {
    const question = this.#questions.get(hash);
    return question?.askers[0]?.run === run ? question : undefined;
  }

  /** All parts have come. */
  #finish(question: Question): void {
    const { blob, askers, parts, sum } = question;
    if (sum.digest('hex') !== blob.hash) {
      this.#fail(question);
      return;
    }
    this.#questions.delete(blob.hash);
    this.#cache.put(blob.hash, parts);
    for (const asker of askers) asker.got(parts);
  }

  #fail(question: Question): void {
    const asker = question.askers.shift()!;
    this.#askAnew(question);
    asker.failed();
  }

  #leave(hash: BlobHash, asker: BlobAsker): void {
    const question = this.#questions.get(hash);
    const place = question?.askers.indexOf(asker) ?? -1;
    if (question === undefined || place === -1) return;
    question.askers.splice(place, 1);
    if (place === 0) this.#askAnew(question);
  }

  /** From its first part on: whoever asked is gone, and the rest of the answer with it. */
  #askAnew(question: Question): void {
    Object.assign(question, nothingYet(question.blob));
    const next = question.askers[0];
    if (next === undefined) this.#questions.delete(question.blob.hash);
    else next.ask();
  }
}

function nothingYet({ bytes }: BlobRef): Pick<Question, 'parts' | 'left' | 'sum'> {
  return { parts: [], left: bytes, sum: createHash('sha256') };
}
