// An edit on its way to the server. Most commands by far are edits, so an edit goes as a frame.
import { ByteReader, ByteWriter, HalfCharacterError, InvalidOpError } from '@codesync/ot';
import type { Command } from '../commands.ts';
import { type Refusal, refusal } from '../errors.ts';
import { FileId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { unreadable } from '../text.ts';
import { detailOf, EDIT, headOf } from './frame.ts';

/*
 *   byte       bits 0-3 the kind of the frame; bit 4 set if the file is named
 *   number     clientSeq
 *   text       the id of the file, if it is named; else it is the one of the edit before
 *   number     the version that the operation is made for
 *   operation
 *
 * Numbers, texts and operations as packages/ot writes them. A key takes about eleven bytes.
 */
const SAME_FILE = 0;
const NAMED_FILE = 1;

/** Most units of an id. */
const ID_UNITS = 22;

/** A command that is an edit. */
export type EditCommand = {
  readonly clientSeq: number;
  readonly body: Extract<Command['body'], { kind: 'edit' }>;
};

/** The sending end of one connection. */
export class EditWriter {
  readonly #bytes = new ByteWriter();
  #file: FileId | null = null;

  /** The frame of an edit, which must fit the schema of a command. */
  write({ clientSeq, body }: EditCommand): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes;
    const { file, base, op } = body;
    const named = file !== this.#file;
    bytes.byte(headOf(EDIT, named ? NAMED_FILE : SAME_FILE));
    bytes.number(clientSeq);
    if (named) bytes.ascii(file);
    bytes.number(base);
    bytes.op(op);
    this.#file = file;
    return bytes.take();
  }
}

export type ReadEdit =
  | { readonly ok: true; readonly command: EditCommand }
  | { readonly ok: false; readonly error: Refusal };

/** The receiving end of one connection. Show it each frame of an edit, in order. They may come from anyone. */
export class EditReader {
  #file: FileId | null = null;

  /** The edit in a frame. It need not be parsed again. */
  read(frame: Uint8Array): ReadEdit {
    try {
      const bytes = new ByteReader(frame);
      const clientSeq = this.#begin(bytes);
      const base = bytes.number();
      const op = bytes.op(LIMITS.opComponents);
      bytes.end();
      const file = this.#file;
      if (clientSeq === 0 || file === null) return { ok: false, error: refusal('protocol.malformed') };
      return { ok: true, command: { clientSeq, body: { kind: 'edit', file, base, op } } };
    } catch (error) {
      if (!(error instanceof InvalidOpError)) throw error;
      if (error instanceof HalfCharacterError) return { ok: false, error: unreadable(error.text) };
      return { ok: false, error: refusal('protocol.malformed') };
    }
  }

  /** The number of the command in a frame that is not read further. Null if even that cannot be read. */
  number(frame: Uint8Array): number | null {
    try {
      return this.#begin(new ByteReader(frame)) || null;
    } catch (error) {
      if (error instanceof InvalidOpError) return null;
      throw error;
    }
  }

  /** Reads the number of the command, and notes the file. */
  #begin(bytes: ByteReader): number {
    const detail = detailOf(bytes.byte());
    if (detail !== SAME_FILE) this.#file = null;
    const clientSeq = bytes.number();
    if (detail === NAMED_FILE) this.#file = FileId.safeParse(bytes.ascii(ID_UNITS)).data ?? null;
    return clientSeq;
  }
}
