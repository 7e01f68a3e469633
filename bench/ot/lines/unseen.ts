/** Lines c, d and e: N edits that nobody else has seen. */
import type { Edit } from '../../lib/session.ts';
import { time } from '../../lib/stats.ts';
import { same, sameLength } from '../checks.ts';
import { baseText, editsOf, growth, mergedGrowth, type Shape } from '../edits.ts';
import type { Engine, Replica } from '../engine.ts';
import { milliseconds } from '../figure.ts';
import type { Row } from '../row.ts';
import { passedOn } from './log.ts';

const SIZES = [1, 10, 100, 1_000, 10_000];
const LARGEST = 10_000;

/** The rows of one line, for each shape and size. */
export function grown(row: (shape: Shape, n: number) => Row): Row[] {
  return (['typed', 'scattered'] as const).flatMap((shape) => SIZES.map((n) => row(shape, n)));
}

export function allAtOnce(shape: Shape, n: number): Row {
  return {
    line: 'c',
    ...sized(shape, n),
    goal: { kind: 'best', factor: n === LARGEST ? 0.5 : 1, among: 'all' },
    measure(engine, patience) {
      const { base, mine, theirs, length } = twoSides(engine, shape, n);
      return milliseconds(
        time(() => {
          const one = edited(engine.load(base, 1, 'gathered'), mine);
          const two = edited(engine.load(base, 2, 'gathered'), theirs);
          return () => {
            one.receive(two.flush());
            two.receive(one.flush());
            return () => {
              same(one.text(), two.text());
              sameLength(one.text(), length);
            };
          };
        }, patience),
      );
    },
  };
}

export function oneByOne(shape: Shape, n: number): Row {
  return {
    line: 'd',
    ...sized(shape, n),
    goal: { kind: 'best', factor: n === LARGEST ? 0.5 : 1, among: 'all' },
    measure(engine, patience) {
      const { base, mine, theirs, length } = twoSides(engine, shape, n);
      const two = engine.load(base, 2);
      const messages = passedOn(engine, two, theirs);
      let merged: string | null = null;
      return milliseconds(
        time(() => {
          const one = edited(engine.load(base, 1, 'gathered'), mine);
          return () => {
            for (const message of messages) one.receive([message]);
            return () => {
              sameLength(one.text(), length);
              if (merged === null) {
                two.receive(one.flush());
                merged = two.text();
              }
              same(one.text(), merged);
            };
          };
        }, patience),
      );
    },
  };
}

export function nothingConfirmed(shape: Shape, n: number): Row {
  return {
    line: 'e',
    ...sized(shape, n),
    goal: { kind: 'best', factor: n === LARGEST ? 0.1 : 1, among: 'ordered' },
    measure(engine, patience) {
      const text = baseText();
      const base = engine.create(text);
      const mine = editsOf(shape, n, 1);
      const length = text.length + growth(mine);
      return milliseconds(
        time(() => {
          const one = engine.load(base, 1);
          const two = engine.load(base, 2);
          return () => {
            edited(one, mine);
            const messages = one.flush();
            return () => {
              two.receive(messages);
              same(two.text(), one.text());
              sameLength(one.text(), length);
            };
          };
        }, patience),
      );
    },
  };
}

/** A file, the edits that each of two people make to it unseen, and how long the text is with all of them. */
function twoSides(engine: Engine, shape: Shape, n: number) {
  const text = baseText();
  const mine = editsOf(shape, n, 1);
  const theirs = editsOf(shape, n, 2);
  return { base: engine.create(text), mine, theirs, length: text.length + mergedGrowth(mine, theirs) };
}

function edited(replica: Replica, edits: readonly Edit[]): Replica {
  for (const { at, remove, insert } of edits) replica.edit(at, remove, insert);
  return replica;
}

function sized(shape: Shape, n: number): Pick<Row, 'what' | 'unit' | 'series' | 'n'> {
  const series = shape === 'typed' ? 'typed in one place' : 'scattered over 50 kB';
  return { what: `${series}, N = ${n.toLocaleString('en')}`, unit: 'ms', series, n };
}
