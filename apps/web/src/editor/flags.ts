// Where the names of those who type stand: beside the code, in a row for each line. Pure; all lengths in pixels.

/** Between the end of a line and its first name. */
const GAP = 12;
/** Between two names. */
const APART = 4;

/** What is around the names of one line. */
export type LineRoom = {
  /** Where its text ends; infinite if that is not known. */
  readonly end: number;
  /** Where the first of its cursors is. */
  readonly caret: number;
  /** What of the line is in view. */
  readonly from: number;
  readonly to: number;
  /** Whether the lines above and below may be covered. They may if they are in view and nobody reads them. */
  readonly above: boolean;
  readonly below: boolean;
};

export type FlagRow = {
  readonly side: 'beside' | 'above' | 'below';
  /** Where each name begins. If there is too little room, the last names are left out. */
  readonly lefts: readonly number[];
};

/**
 * The places of the names of one line, given their widths. They stand behind its text, where they cover nothing. If
 * there is no room, they stand over the line above or below. Null if that would cover what is read.
 */
export function flagRow(widths: readonly number[], room: LineRoom): FlagRow | null {
  const total = widths.reduce((sum, width) => sum + width + APART, -APART);
  const behind = Math.max(room.from, room.end + GAP);
  if (behind + total <= room.to) return { side: 'beside', lefts: inARow(widths, behind, room.to) };
  const side = room.above ? 'above' : room.below ? 'below' : null;
  if (side === null) return null;
  const start = Math.max(room.from, Math.min(room.caret, room.to - total));
  return { side, lefts: inARow(widths, start, room.to) };
}

function inARow(widths: readonly number[], start: number, to: number): number[] {
  const lefts: number[] = [];
  let left = start;
  for (const width of widths) {
    if (left + width > to) break;
    lefts.push(left);
    left += width + APART;
  }
  return lefts;
}
