// A file's copy on a disk that programs write to as well, as the room sees it. Pure: it reads and writes nothing.
import { apply, compose, diffLines, invert, isNoop, NOOP, type Op, transform } from '@codesync/ot';

/** Writes to the disk that a later text may still have been made without. */
const WRITES_KEPT = 64;

/** A write that the disk has. */
type Write = {
  /** Of what it replaced. */
  readonly revision: number;
  readonly op: Op;
  readonly undo: Op;
};

/**
 * A copy is to the room what a client's is (see client-document.ts), from the other side: what the room has and the disk
 * has not is kept as an operation, and what comes from the disk is carried over it. The disk does not know of operations.
 * What a program wrote comes as a whole text, and its edit is found by comparing.
 *
 * - `text`, at `revision`: what the disk has. Revision 0 is a file that is not there.
 * - `sending`: the write that is on its way to the disk; null for none.
 * - `ahead`: leads from `text`, with what is being sent, to the text of the room.
 * - `writes`: the last writes, oldest first. Nothing but them changed the disk meanwhile.
 */
export type DiskCopy = {
  readonly text: string;
  readonly revision: number;
  readonly sending: Op | null;
  readonly ahead: Op;
  readonly writes: readonly Write[];
};

/** A copy whose disk has `text` and whose room has `roomText`. */
export function diskCopy(text: string, revision: number, roomText: string): DiskCopy {
  return { text, revision, sending: null, ahead: diffLines(text, roomText), writes: [] };
}

/** The room has taken in an edit of its text. */
export function editedInRoom(copy: DiskCopy, op: Op): DiskCopy {
  return { ...copy, ahead: compose(copy.ahead, op) };
}

/** The room has another text now, that no edit leads to. */
export function replacedInRoom(copy: DiskCopy, roomText: string): DiskCopy {
  const sent = copy.sending === null ? copy.text : apply(copy.text, copy.sending);
  return { ...copy, ahead: diffLines(sent, roomText) };
}

/** Whether there is something to write that is not on its way. */
export function isBehind(copy: DiskCopy): boolean {
  return copy.revision === 0 || !isNoop(copy.ahead);
}

/**
 * Sends what the disk lacks. The write replaces `copy.text` at `copy.revision` by `text`.
 *
 * @throws Error while another is on its way.
 */
export function sendToDisk(copy: DiskCopy): { readonly copy: DiskCopy; readonly text: string } {
  if (copy.sending !== null) throw new Error('a write is on its way');
  return { copy: { ...copy, sending: copy.ahead, ahead: NOOP }, text: apply(copy.text, copy.ahead) };
}

/** The disk has taken the write in. */
export function tookIn(copy: DiskCopy, revision: number): DiskCopy {
  const { text, sending } = copy;
  if (sending === null) throw new Error('no write is on its way');
  const write: Write = { revision: copy.revision, op: sending, undo: invert(sending, text) };
  const writes = [...copy.writes, write].slice(-WRITES_KEPT);
  return { text: apply(text, sending), revision, sending: null, ahead: copy.ahead, writes };
}

/** The disk has not taken the write in. */
export function refusedByDisk(copy: DiskCopy): DiskCopy {
  const { sending, ahead } = copy;
  return sending === null ? copy : { ...copy, sending: null, ahead: compose(sending, ahead) };
}

/**
 * A program has changed the disk: it has `text` now. Returns the edit that the room's text is to take in, and the copy
 * after that.
 *
 * @param base the revision that the program may have read when it began. Where it is from before our last writes, and
 *   the text is nearer to that one, the program did not know of these writes, and has overwritten them: they are not
 *   taken back in the room, but written again.
 * @throws Error while a write is on its way.
 */
export function changedOnDisk(
  copy: DiskCopy,
  revision: number,
  text: string,
  base: number,
): { readonly copy: DiskCopy; readonly edit: Op } {
  if (copy.sending !== null) throw new Error('a write is on its way');
  const begun = beginningOf(copy, text, base);
  const op = diffLines(begun.text, text);
  return {
    edit: transform(op, begun.ahead, 'left'),
    copy: { text, revision, sending: null, ahead: transform(begun.ahead, op, 'right'), writes: [] },
  };
}

/** What the program began with: what the disk had last, or what it had at `base`. */
function beginningOf(copy: DiskCopy, text: string, base: number): Pick<DiskCopy, 'text' | 'ahead'> {
  const first = copy.writes.findIndex(({ revision }) => revision === base && revision !== 0);
  if (first < 0) return copy;
  let earlier: Pick<DiskCopy, 'text' | 'ahead'> = copy;
  for (const { op, undo } of copy.writes.slice(first).reverse()) {
    earlier = { text: apply(earlier.text, undo), ahead: compose(op, earlier.ahead) };
  }
  return distance(earlier.text, text) < distance(copy.text, text) ? earlier : copy;
}

/** How many units differ. */
function distance(before: string, after: string): number {
  return diffLines(before, after).reduce<number>((sum, part) => {
    if (typeof part === 'string') return sum + part.length;
    return part < 0 ? sum - part : sum;
  }, 0);
}
