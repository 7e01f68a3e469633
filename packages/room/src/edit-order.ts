// The order of edits, file by file, over the folded texts of one room. Pure.
import { Authority, checkAgainst, InvalidOpError, lengthDelta, type Op } from '@codesync/ot';
import { type FileId, LIMITS, type RoomEvent } from '@codesync/protocol';
import { carryRange, type Range } from './anchors.ts';
import { type Decision, fact, refuse } from './decision.ts';
import type { FoldedText } from './folded-text.ts';
import { tooLarge } from './sizes.ts';

/**
 * Knows for every file what an arriving edit has to be carried over, and how long all texts are. It reads the
 * texts that the room's fold keeps, and follows the fold event by event.
 */
export class EditOrder {
  readonly #texts: ReadonlyMap<FileId, FoldedText>;
  readonly #authorities = new Map<FileId, Authority>();
  #units = 0;

  constructor(texts: ReadonlyMap<FileId, FoldedText>) {
    this.#texts = texts;
    for (const file of texts.keys()) this.#add(file);
  }

  /** UTF-16 units of all files together. */
  get units(): number {
    return this.#units;
  }

  /**
   * Decides on `op`, made for version `base`. Nothing changes.
   * @param older what an earlier decision asked for.
   * @param bytes of the files that are no text.
   */
  place(file: FileId, base: number, op: Op, older: readonly Op[], bytes: number): Decision {
    const authority = this.#authorities.get(file);
    const text = this.#texts.get(file);
    if (authority === undefined || text === undefined) return refuse('file.unknown');
    if (op.some((part) => typeof part === 'string' && part.includes('\r'))) return refuse('edit.invalid');
    const result = authority.propose(base, op, older);
    if (!result.accepted) {
      if (result.code === 'base-too-old') return { kind: 'older', file, from: result.from, to: result.to };
      return refuse(result.code === 'base-unknown' ? 'edit.future' : 'edit.invalid');
    }
    const growth = lengthDelta(result.op);
    if (growth > 0 && authority.length + growth > LIMITS.fileUnits) return refuse('file.tooLarge');
    const full = growth > 0 ? tooLarge(this.#units + growth, bytes) : null;
    if (full !== null) return full;
    try {
      checkAgainst(result.op, text.buffer);
    } catch (error) {
      if (error instanceof InvalidOpError) return refuse('edit.invalid');
      throw error;
    }
    return fact({ kind: 'edit', file, version: result.version, op: result.op });
  }

  /**
   * Carries a range that was made for version `base` to the newest. Nothing changes. A version that is further back than a
   * client can come back from is refused: nobody who may only read makes the server read a log from its beginning.
   * @param older what an earlier decision asked for.
   */
  placeRange(
    file: FileId,
    base: number,
    range: Range,
    older: readonly Op[],
  ): { readonly kind: 'placed'; readonly version: number; readonly range: Range } | Decision {
    const authority = this.#authorities.get(file);
    if (authority === undefined) return refuse('file.unknown');
    if (range.start > range.end || authority.version - base > LIMITS.resumeEvents)
      return refuse('comment.place');
    const past = authority.past(base, older, range.end);
    if (past.accepted) {
      return { kind: 'placed', version: authority.version, range: past.edits.reduce(carryRange, range) };
    }
    if (past.code === 'base-too-old') return { kind: 'older', file, from: past.from, to: past.to };
    return refuse('comment.place');
  }

  /** The edits after version `base`, if they are in memory. Null if the log is needed. */
  editsSince(file: FileId, base: number): readonly Op[] | null {
    return this.#authorities.get(file)?.editsSince(base) ?? null;
  }

  /**
   * All edits after version `base`, which the file has had.
   * @param older what an earlier decision asked for.
   */
  editsFrom(
    file: FileId,
    base: number,
    older: readonly Op[],
  ): readonly Op[] | Extract<Decision, { kind: 'older' }> {
    const authority = this.#authorities.get(file)!;
    const oldest = authority.oldestBase;
    if (base + older.length < oldest) return { kind: 'older', file, from: base + 1, to: oldest };
    const rest = authority.editsSince(Math.max(base, oldest)) ?? [];
    return [...older.slice(0, Math.max(0, oldest - base)), ...rest];
  }

  /** Takes in an event that the fold has just taken in. */
  follow({ body }: RoomEvent): void {
    switch (body.kind) {
      case 'edit':
        this.#authorities.get(body.file)?.append(body.op);
        this.#units += lengthDelta(body.op);
        return;
      case 'file.created':
      case 'file.uploaded':
      case 'file.restored':
        this.#add(body.file);
        return;
      case 'folder.restored':
        for (const { file } of body.files) this.#add(file);
        return;
      case 'file.deleted':
        this.#remove(body.file);
        return;
      case 'folder.deleted':
        for (const file of body.files) this.#remove(file);
        return;
    }
  }

  #add(file: FileId): void {
    const { version, buffer } = this.#texts.get(file)!;
    this.#authorities.set(file, new Authority(version, buffer.length));
    this.#units += buffer.length;
  }

  #remove(file: FileId): void {
    this.#units -= this.#authorities.get(file)?.length ?? 0;
    this.#authorities.delete(file);
  }
}
