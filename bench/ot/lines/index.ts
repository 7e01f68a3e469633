/** The rows of the table: what each does to an engine, and what CodeSync is to reach in it. */
import type { Solo } from '../../lib/session.ts';
import { loadSessions, type Sessions } from '../../lib/sessions.ts';
import type { Line, Row } from '../row.ts';
import { memory, wire } from './footprint.ts';
import { fromLog, fromSnapshot } from './opening.ts';
import { localEdits, madeIntoBytes, takenIn } from './recorded.ts';
import { together } from './together.ts';
import { allAtOnce, grown, nothingConfirmed, oneByOne } from './unseen.ts';

/** All rows of these lines. */
export function rowsOf(lines: readonly Line[]): { rows: readonly Row[]; leftOut: readonly string[] } {
  const sessions = loadSessions();
  const rows = lines.flatMap((line) => ROWS[line](sessions));
  return { rows, leftOut: lines.includes('h') ? sessions.leftOut : [] };
}

const ROWS: { readonly [Each in Line]: (sessions: Sessions) => Row[] } = {
  a: ({ solos }) => solos.map(localEdits),
  b: ({ solos }) => solos.flatMap((solo) => [madeIntoBytes(solo), takenIn(solo)]),
  c: () => grown(allAtOnce),
  d: () => grown(oneByOne),
  e: () => grown(nothingConfirmed),
  f: ({ solos }) => [fromLog(longest(solos)), fromSnapshot(longest(solos))],
  g: ({ solos }) => [memory(longest(solos)), wire(longest(solos))],
  h: ({ pairs }) => pairs.map(together),
};

function longest(solos: readonly Solo[]): Solo {
  return solos.toSorted((a, b) => b.edits.length - a.edits.length)[0]!;
}
