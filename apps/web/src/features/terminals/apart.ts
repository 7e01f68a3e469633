// What is said of files that are on the disk of the workspace only. Pure.
import { type ApartReason, type DiskApart, LIMITS, mebibytes } from '@codesync/protocol';

/** A number as people read it. */
export const count = (n: number): string => n.toLocaleString('en');

const SENTENCES: Readonly<Record<ApartReason, string>> = {
  large: `Larger than ${mebibytes(LIMITS.roomBytes)}, which is all that a room may have. It stays on the disk.`,
  name: 'A room cannot have such a name or path. Rename it to have it in the room.',
  case: 'The name differs only in capitals from one that the room has. Rename one of the two.',
  room: `The room is full: it has up to ${count(LIMITS.files)} files, and ${mebibytes(LIMITS.roomBytes)} in them. Delete what is not needed.`,
  full: 'The disk of the workspace is full, so what was changed in the room last is not there. Delete what is not needed on it.',
  role: 'Whoever typed into a terminal last may not edit. Have somebody do it who may.',
  failed: 'It could not be read or written. Save it again in an editor, or write it again in a terminal.',
};

export type ApartGroup = {
  readonly why: ApartReason;
  /** What it is, and what can be done. */
  readonly sentences: string;
  readonly names: readonly string[];
};

/** What is there for one reason stands together, in the order in which the reasons came. */
export function apartGroups(apart: readonly DiskApart[]): readonly ApartGroup[] {
  const groups = new Map<ApartReason, Set<string>>();
  for (const { path, why } of apart) {
    const names = groups.get(why) ?? new Set();
    groups.set(why, names.add(visible(path)));
  }
  return [...groups].map(([why, names]) => ({ why, sentences: SENTENCES[why], names: [...names] }));
}

/** No longer path is shown whole. */
const SHOWN_UNITS = 240;

/** A path from the disk may have any characters. What is not seen, or turns text around, is shown as its code. */
function visible(path: string): string {
  const seen = path
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return seen.length <= SHOWN_UNITS ? seen : `…${seen.slice(-SHOWN_UNITS).toWellFormed()}`;
}
