import { apply, check, compose, isNoop, NOOP, type Op, transform } from '@codesync/ot';
import { chance } from '@codesync/ot/testing/property';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossLocal, holdBack, type Stretch } from '../../../src/editor/held-edits.ts';

/** Chance by which a story goes on, drawn by fast-check so that a failure can be had again and made small. */
type Choose = (below: number) => number;

const LETTERS = ['a', 'b', 'é', '漢', '\n', 'Z'];

/** An operation for `text` of any shape: inserts and deletes meet in every order. */
function someOp(choose: Choose, text: string): Op {
  let op: Op = NOOP;
  let now = text;
  for (let edits = 1 + choose(3); edits > 0; edits--) {
    const at = choose(now.length + 1);
    const remove = Math.min(choose(4), now.length - at);
    const insert = LETTERS.slice(0, choose(3)).join('');
    const parts = choose(2) === 0 ? [at, -remove, insert] : [at, insert, -remove];
    const next = parts.filter((part) => part !== 0 && part !== '');
    if (typeof next.at(-1) === 'number' && (next.at(-1) as number) > 0) continue;
    op = compose(op, next);
    now = apply(now, next);
  }
  return op;
}

function someStretches(choose: Choose, text: string): Stretch[] {
  return Array.from({ length: choose(3) }, () => {
    const from = choose(text.length + 1);
    return { from, to: from + choose(text.length + 1 - from) };
  });
}

function stories(tell: (choose: Choose) => void): void {
  const story = fc.property(chance(), (random) => tell((below) => random.below(below)));
  fc.assert(story, { numRuns: 2_000 });
}

describe('edits held back from an editor', () => {
  it('are the whole difference between its text and the document, whatever either side does', () => {
    stories((choose) => {
      let editor = 'one two\nthree\nfour five';
      let document = editor;
      let held: Op = NOOP;
      for (let turn = 0; turn < 12; turn++) {
        if (choose(2) === 0) {
          const local = someOp(choose, editor);
          const crossed = crossLocal(held, local);
          editor = apply(editor, local);
          document = apply(document, crossed.local);
          held = crossed.held;
        } else {
          const remote = someOp(choose, document);
          const stretches = choose(4) === 0 ? [] : someStretches(choose, editor);
          const parted = holdBack(held, remote, stretches);
          editor = apply(editor, parted.letIn);
          document = apply(document, remote);
          held = parted.held;
          check(parted.letIn);
        }
        check(held);
        expect(apply(editor, held)).toBe(document);
      }
      const { letIn, held: rest } = holdBack(held, NOOP, []);
      expect(apply(editor, letIn)).toBe(document);
      expect(isNoop(rest)).toBe(true);
    });
  });

  it('leave every stretch as it was, and reach one, all of them', () => {
    stories((choose) => {
      const text = 'one two\nthree\nfour five';
      const remote = someOp(choose, text);
      const stretches = someStretches(choose, text);
      const { letIn, held } = holdBack(NOOP, remote, stretches);
      let at = 0;
      for (const part of letIn) {
        const end = typeof part === 'number' ? at + Math.abs(part) : at;
        if (typeof part === 'string' || part < 0)
          expect(stretches.every(({ from, to }) => end < from || at > to)).toBe(true);
        at = end;
      }
      if (stretches.length === 0) expect(held).toEqual(NOOP);
      else if (stretches.some(({ from, to }) => from === 0 && to === text.length))
        expect(letIn).toEqual(NOOP);
    });
  });

  it('go by the rule of the log: what is not in it yet stands to the left of what is', () => {
    stories((choose) => {
      const text = 'one two\nthree';
      const local = someOp(choose, text);
      const held = someOp(choose, text);
      expect(crossLocal(held, local)).toEqual({
        held: transform(held, local, 'right'),
        local: transform(local, held, 'left'),
      });
    });
  });

  it('of other lines go in while one of the line waits, in one edit too', () => {
    const text = 'one\ntwo\nthree';
    const line = { from: 4, to: 7 };
    const { letIn, held } = holdBack(NOOP, ['A', 5, 'B', 8, 'C'], [line]);
    expect(apply(text, letIn)).toBe('Aone\ntwo\nthreeC');
    expect(apply(apply(text, letIn), held)).toBe('Aone\ntBwo\nthreeC');
  });

  it('that their author takes back are gone', () => {
    const line = { from: 0, to: 3 };
    const { held } = holdBack(NOOP, [2, 'xy'], [line]);
    expect(holdBack(held, [2, -2], [line])).toEqual({ held: NOOP, letIn: NOOP });
  });
});
