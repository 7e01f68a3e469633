/** Editing sessions to replay: recorded ones from the folder in TRACES, or one made up from a seed. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fromEdits, type Op, TextBuffer } from '@codesync/ot';

export type Trace = {
  readonly name: string;
  readonly start: string;
  /** Each made for the text that the one before it left. */
  readonly ops: readonly Op[];
  readonly end: string;
};

type Recording = {
  readonly kind?: 'concurrent';
  readonly startContent: string;
  readonly endContent: string;
  readonly txns: readonly {
    readonly patches: readonly (readonly [at: number, remove: number, insert: string])[];
  }[];
};

export function traces(): Trace[] {
  const folder = process.env.TRACES;
  if (!folder) return [madeUp(20_000)];
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.json.gz'))
    .map((file) => recorded(path.join(folder, file)))
    .filter((trace) => trace !== null);
}

/** A recording in the editing-traces format; null for one by several authors, which has no single order. */
function recorded(file: string): Trace | null {
  const recording: Recording = JSON.parse(gunzipSync(fs.readFileSync(file)).toString('utf8'));
  if (recording.kind === 'concurrent') return null;
  const ops = recording.txns.flatMap(({ patches }) =>
    patches.map(([at, remove, insert]) => fromEdits([{ at, remove, insert }])),
  );
  const name = path.basename(file, '.json.gz');
  return { name, start: recording.startContent, ops, end: recording.endContent };
}

/** Someone types lines, takes characters back, and now and then goes elsewhere: the same every time. */
function madeUp(edits: number): Trace {
  const random = randomFrom(1);
  const ops: Op[] = [];
  let text = '';
  let at = 0;
  while (ops.length < edits) {
    const dice = random();
    if (dice < 0.03) {
      at = Math.floor(random() * (text.length + 1));
    } else if (dice < 0.15 && at > 0) {
      ops.push(fromEdits([{ at: at - 1, remove: 1, insert: '' }]));
      text = text.slice(0, at - 1) + text.slice(at);
      at -= 1;
    } else {
      const insert = random() < 0.03 ? '\n' : String.fromCharCode(97 + Math.floor(random() * 26));
      ops.push(fromEdits([{ at, remove: 0, insert }]));
      text = text.slice(0, at) + insert + text.slice(at);
      at += 1;
    }
  }
  return { name: 'made up', start: '', ops, end: text };
}

/** Edits of a few units at places all over a text of this length; each is made for what the others left. */
export function scattered(count: number, length: number, seed: number): Op[] {
  const random = randomFrom(seed);
  const buffer = TextBuffer.from('x'.repeat(length));
  return Array.from({ length: count }, () => {
    const at = Math.floor(random() * (buffer.length - 2));
    const op = fromEdits([{ at, remove: random() < 0.3 ? 2 : 0, insert: random() < 0.8 ? 'word' : '' }]);
    buffer.apply(op);
    return op;
  });
}

/** mulberry32: numbers from 0 to 1 that a seed decides. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
