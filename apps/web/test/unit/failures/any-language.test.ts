import type { Language } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { FAILURES_MAX, failuresOf } from '../../../src/features/runs/failures.ts';
import { ran, told } from '../../support/failures.ts';

test('a place outside of the workspace is nobody’s, whatever it ends with', () => {
  const printed =
    '  File "/tmp/main.py", line 3\n    x\nSyntaxError: y\n  File "/w/x/main.py", line 3\nSyntaxError: z\n';
  expect(told(ran('python', ['main.py'], printed))).toEqual([]);
});

test('each place is told once, and no more than a person reads', () => {
  const trace = (line: number) => `  File "/w/main.py", line ${line}, in f\nValueError: x\n`;
  expect(told(ran('python', ['main.py'], trace(3).repeat(100)))).toHaveLength(1);
  const many = Array.from({ length: 100 }, (_, i) => trace(i + 1)).join('');
  expect(told(ran('python', ['main.py'], many))).toHaveLength(FAILURES_MAX);
});

describe.each<Language>(['python', 'javascript', 'go', 'rust'])('hostile output, read as %s', (language) => {
  test.each<[string, string]>([
    ['frames of Python', '  File "/w/", line 1, in '],
    ['frames of JavaScript', '    at (/w (/w (/w'],
    ['frames of Go', '\t/w/main.go:1:1'],
    ['carets', '  | ^^^ '],
    ['panics of Rust', "thread '' panicked at :1:1"],
    ['places', ' --> a:1:1'],
    ['colons', ':1'],
  ])('%s cost by their length, not by their square', (_, piece) => {
    const took = (units: number): number => {
      const run = ran(language, ['main.py'], piece.repeat(units / piece.length));
      const began = performance.now();
      failuresOf(run);
      return performance.now() - began;
    };
    const small = Math.max(took(20_000), took(20_000), 2);
    // Twenty times as long; by the square it would be four hundred.
    expect(Math.min(took(400_000), took(400_000), took(400_000))).toBeLessThan(100 * small);
  });
});
