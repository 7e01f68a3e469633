// The order of edits, file by file, over the folded texts of one room. Pure.
import { Authority, checkAgainst, InvalidOpError, lengthDelta, type Op } from '@codesync/ot';
import { type FileId, LIMITS, type RefusalCode, type RoomEvent } from '@codesync/protocol';
import type { FoldedText } from '@codesync/room';

/** `older`: edits from the log are needed, from version `from` up to `to`, to place this one. */
export type Placement =
  | { readonly kind: 'placed'; readonly version: number; readonly op: Op }
  | { readonly kind: 'older'; readonly from: number; readonly to: number }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

const refused = (code: RefusalCode): Placement => ({ kind: 'refused', code });

/**
 * Knows for every file what an arriving edit has to be carried over, and how long all texts are. It reads the
 * texts that the room's fold keeps, and follows the fold event by event.
 */
export class Texts {
  readonly #texts: ReadonlyMap<FileId, FoldedText>;
  readonly #authorities = new Map<FileId, Authority>();
  #units = 0;

  constructor(texts: ReadonlyMap<FileId, FoldedText>) {
    this.#texts = texts;
    for (const [file, text] of texts) this.#add(file, text);
  }

  /** UTF-16 units of all files together. */
  get units(): number {
    return this.#units;
  }

  /** What becomes of `op`, made for version `base`; nothing changes. `older` as asked for before. */
  place(file: FileId, base: number, op: Op, older: readonly Op[]): Placement {
    const authority = this.#authorities.get(file);
    const text = this.#texts.get(file);
    if (authority === undefined || text === undefined) return refused('file.unknown');
    if (op.some((part) => typeof part === 'string' && part.includes('\r'))) return refused('edit.invalid');
    const result = authority.propose(base, op, older);
    if (!result.accepted) {
      if (result.code === 'base-too-old') return { kind: 'older', from: result.from, to: result.to };
      return refused(result.code === 'base-unknown' ? 'edit.future' : 'edit.invalid');
    }
    const growth = lengthDelta(result.op);
    if (growth > 0 && authority.length + growth > LIMITS.fileUnits) return refused('file.tooLarge');
    if (growth > 0 && this.#units + growth > LIMITS.roomUnits) return refused('room.tooLarge');
    try {
      checkAgainst(result.op, text.buffer);
    } catch (error) {
      if (error instanceof InvalidOpError) return refused('edit.invalid');
      throw error;
    }
    return { kind: 'placed', version: result.version, op: result.op };
  }

  /** Edits after version `base` that are in memory, null if the log is needed. */
  editsSince(file: FileId, base: number): readonly Op[] | null {
    return this.#authorities.get(file)?.editsSince(base) ?? null;
  }

  /** Takes in an event just before the fold does. */
  follow({ body }: RoomEvent): void {
    switch (body.kind) {
      case 'edit':
        this.#authorities.get(body.file)?.append(body.op);
        this.#units += lengthDelta(body.op);
        return;
      case 'file.created':
        this.#authorities.set(body.file, new Authority(0, body.text.length));
        this.#units += body.text.length;
        return;
      case 'file.restored':
        this.#authorities.set(body.file, new Authority(body.version, body.text.length));
        this.#units += body.text.length;
        return;
      case 'file.deleted':
        this.#units -= this.#authorities.get(body.file)?.length ?? 0;
        this.#authorities.delete(body.file);
        return;
    }
  }

  #add(file: FileId, text: FoldedText): void {
    this.#authorities.set(file, new Authority(text.version, text.buffer.length));
    this.#units += text.buffer.length;
  }
}
