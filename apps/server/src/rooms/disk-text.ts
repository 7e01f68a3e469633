// How the text of a file lies on a disk: its line ends, and where in its bytes something changes. Pure.
import { diff, toEdits } from '@codesync/ot';

/**
 * What a disk has, as a room keeps it: with LF. `ends` are those of the disk. `bytes` is set where the text does not
 * tell what the disk has, because the line ends are mixed: how many bytes that is.
 */
export type DiskText = {
  readonly text: string;
  readonly ends: '\n' | '\r\n';
  readonly bytes: number | null;
};

export function fromDisk(raw: string): DiskText {
  if (!raw.includes('\r')) return { text: raw, ends: '\n', bytes: null };
  const text = raw.replace(/\r\n?/g, '\n');
  const ends = raw.includes('\r\n') ? '\r\n' : '\n';
  return { text, ends, bytes: onDisk(text, ends) === raw ? null : Buffer.byteLength(raw) };
}

function onDisk(text: string, ends: DiskText['ends']): string {
  return ends === '\n' ? text : text.replaceAll('\n', ends);
}

/** Replaces `remove` bytes at byte `at` by `text`. */
export type Splice = { readonly at: number; readonly remove: number; readonly text: string };

/** The splice that makes a disk have `after` in place of what it has. */
export function spliceTo(after: string, { text, ends, bytes }: DiskText): Splice {
  if (bytes !== null) return { at: 0, remove: bytes, text: onDisk(after, ends) };
  const before = onDisk(text, ends);
  const [edit] = toEdits(diff(before, onDisk(after, ends)));
  if (edit === undefined) return { at: 0, remove: 0, text: '' };
  return {
    at: Buffer.byteLength(before.slice(0, edit.at)),
    remove: Buffer.byteLength(before.slice(edit.at, edit.at + edit.remove)),
    text: edit.insert,
  };
}
