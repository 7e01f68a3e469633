import { apply, type Op, replace } from '@codesync/ot';
import { runId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineAfter } from '../../../src/room-source/run-lines.ts';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';

const TEXT = 'one\ntwo\nthree\n';

describe('a line of a run', () => {
  it.each<[string, Op, number | null]>([
    ['stays where nothing came before it', [TEXT.length, 'more\n'], 2],
    ['moves with lines before it', ['zero\n'], 3],
    ['moves with a line put right before it', [4, 'new\n'], 3],
    ['stays before a line put right behind it', [7, '\nnew'], 2],
    ['is gone when it changes', [5, 'x'], null],
    ['is gone when something is added to its end', [7, '!'], null],
    ['is gone when it is deleted', [4, -4], null],
    ['is gone when it is cut in two', [5, '\n'], null],
    ['moves up when a line before it is deleted', [-4], 1],
  ])('%s', (_, op, line) => {
    expect(lineAfter(TEXT, 2, [op], apply(TEXT, op))).toBe(line);
  });

  it('is never taken for another one, whatever is typed (property)', () => {
    const edit = fc.record({
      at: fc.nat(60),
      remove: fc.nat(4),
      insert: fc.constantFrom('', 'x', '\n', 'a\n', '\nb'),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), fc.integer({ min: 1, max: 7 }), (edits, line) => {
        const before = 'p0\nq1\nr2\ns3\nt4\n\nu6';
        const ops: Op[] = [];
        let text = before;
        for (const { at, remove, insert } of edits) {
          const from = at % (text.length + 1);
          const op = replace(from, Math.min(remove, text.length - from), insert);
          ops.push(op);
          text = apply(text, op);
        }
        const now = lineAfter(before, line, ops, text);
        if (now !== null) expect(text.split('\n')[now - 1]).toBe(before.split('\n')[line - 1]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is found by everyone, with what they type and have not sent', async () => {
    const stage = new Stage(TEXT);
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    const [hers, his] = [ann.source.document(FILE)!, bob.source.document(FILE)!];
    ann.type(0, 0, 'zero\n');
    await stage.quiet();
    const version = hers.version();
    stage.server.append({
      kind: 'run.started',
      run: runId('run_00000001'),
      language: 'python',
      entry: FILE,
      files: [{ file: FILE, path: 'main.py', version }],
    });
    await stage.quiet();
    bob.type(0, 0, '# bob\n');
    await stage.quiet();
    ann.type(0, 0, '# ann\n');
    expect(hers.lineNow(version, 3)).toBe(5);
    expect(his.lineNow(version, 3)).toBe(4);
    await stage.quiet();
    expect(his.lineNow(version, 3)).toBe(5);
    expect(his.lineNow(version - 1, 3)).toBeNull();

    // Somebody who comes later knows the newest version only.
    const cy = await stage.join(3);
    const late = cy.source.document(FILE)!;
    expect(late.lineNow(version, 3)).toBeNull();
    expect(late.lineNow(late.version(), 5)).toBe(5);
  });
});
