/**
 * Editing sessions: recorded ones from the folder in TRACES (*.json.gz in the editing-traces format), or made-up
 * ones when it is not set.
 */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { madeUpPair, madeUpSolos } from './made-up.ts';
import { byOneAuthor } from './one-author.ts';
import type { Edit, Pair, Solo, Turn } from './session.ts';

export type Sessions = {
  /** Those of one author, and the pairs as one author could have written them. */
  readonly solos: readonly Solo[];
  readonly pairs: readonly Pair[];
  /** Recordings that cannot be replayed here, and why. */
  readonly leftOut: readonly string[];
};

type Patch = readonly [at: number, remove: number, insert: string];
type SoloFile = {
  readonly kind?: undefined;
  readonly startContent: string;
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly Patch[] }[];
};
type PairFile = {
  readonly kind: 'concurrent';
  readonly numAgents: number;
  readonly txns: readonly {
    readonly parents: readonly number[];
    readonly agent: number;
    readonly patches: readonly Patch[];
  }[];
};

export function loadSessions(): Sessions {
  const folder = process.env.TRACES;
  if (!folder) {
    const pair = madeUpPair();
    return { solos: [...madeUpSolos(), byOneAuthor(pair)], pairs: [pair], leftOut: [] };
  }
  const solos: Solo[] = [];
  const pairs: Pair[] = [];
  const leftOut: string[] = [];
  for (const file of fs.readdirSync(folder).filter((file) => file.endsWith('.json.gz'))) {
    const name = path.basename(file, '.json.gz');
    const json = gunzipSync(fs.readFileSync(path.join(folder, file))).toString('utf8');
    const recording: SoloFile | PairFile = JSON.parse(json);
    // The format counts code points, the engines UTF-16 units: the two agree only without surrogate pairs.
    if (/[\ud800-\udfff]|\\u[dD][89a-fA-F]/.test(json)) leftOut.push(`${name}: has characters above U+FFFF`);
    else if (recording.kind === undefined) solos.push(solo(name, recording));
    else if (recording.numAgents === 2) pairs.push(pair(name, recording));
    else leftOut.push(`${name}: ${recording.numAgents} people, line h is for two`);
  }
  return { solos: [...solos, ...pairs.map(byOneAuthor)], pairs, leftOut };
}

function solo(name: string, { startContent, endContent, txns }: SoloFile): Solo {
  const edits = txns.flatMap(({ patches }) => patches.map(editOf));
  return { name, start: startContent, edits, end: endContent };
}

function pair(name: string, { txns }: PairFile): Pair {
  const turns: Turn[] = [];
  /** For each transaction, how many edits of each person it follows, itself included. */
  const reached: [number, number][] = [];
  for (const { parents, agent, patches } of txns) {
    const person = agent === 0 ? 0 : 1;
    const seen: [number, number] = [0, 0];
    for (const parent of parents) {
      seen[0] = Math.max(seen[0], reached[parent]![0]);
      seen[1] = Math.max(seen[1], reached[parent]![1]);
    }
    for (const patch of patches) turns.push({ ...editOf(patch), person, known: seen[1 - person]! });
    seen[person] += patches.length;
    reached.push(seen);
  }
  return { name, turns };
}

function editOf([at, remove, insert]: Patch): Edit {
  return { at, remove, insert };
}
