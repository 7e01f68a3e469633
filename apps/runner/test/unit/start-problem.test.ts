import { BlobHash, LIMITS, RUNNER_LIMITS, type RunnerStart } from '@codesync/protocol';
import { runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { startProblem } from '../../src/start-problem.ts';

const start = (change: Partial<RunnerStart> = {}): RunnerStart => ({
  type: 'run.start',
  run: runId('r'),
  room: 'room',
  network: 'network',
  language: 'python',
  entry: 'main.py',
  files: [{ path: 'main.py', text: '' }],
  ...change,
});
const withFile = (path: string) =>
  start({
    files: [
      { path: 'main.py', text: '' },
      { path, text: '' },
    ],
  });

describe('what can be placed in a sandbox', () => {
  test('ordinary names, folders, letters of any script', () => {
    for (const path of ['lib/util.py', 'a/b/c/d.txt', '.env', 'día/наме.py', '日本.txt', 'with space.md'])
      expect(startProblem(withFile(path)), path).toBeNull();
  });

  test.each([
    '../x',
    '/etc/x',
    'a\0b',
    'x'.repeat(300),
    'a\\b',
    '.',
    '..',
    '',
    'trailing ',
    'a//b',
    'a/../b',
    'a/./b',
    'a/',
    'a\nb',
    'a\u202eb',
    '\ud800',
    Array.from({ length: 5_000 }, () => 'd').join('/'),
  ])('[A25] a hostile name is refused with a sentence: %j', (path) => {
    expect(startProblem(withFile(path))).toMatch(/cannot be used\. .+\.$|larger|longer/s);
  });

  test('two files of one name, and a name that is a file and a folder', () => {
    expect(startProblem(withFile('main.py'))).toBe('Two files are called “main.py”.');
    expect(startProblem(withFile('main.py/x'))).toContain('a file and of a folder');
  });

  test('an entry that is not among the files', () => {
    expect(startProblem(start({ entry: 'other.py' }))).toBe('There is no file “other.py” to run.');
  });

  test('too many files, and too large ones', () => {
    const many = Array.from({ length: RUNNER_LIMITS.files + 1 }, (_, n) => ({ path: `f${n}`, text: '' }));
    expect(startProblem(start({ files: many }))).toContain(`up to ${RUNNER_LIMITS.files} files`);
    const large = { path: 'main.py', text: 'x'.repeat(RUNNER_LIMITS.fileBytes + 1) };
    expect(startProblem(start({ files: [large] }))).toContain('larger than 6 MiB');
    const together = Array.from({ length: 9 }, (_, n) => ({
      path: n === 0 ? 'main.py' : `f${n}`,
      text: 'x'.repeat(RUNNER_LIMITS.fileBytes),
    }));
    expect(startProblem(start({ files: together }))).toContain('together are larger than 50 MiB');
  });

  test('files that are no text have names like others, and a limit of their own', () => {
    const blob = (path: string, bytes: number) => ({
      path,
      blob: { hash: BlobHash.parse('a'.repeat(64)), bytes },
    });
    const withBlobs = (...blobs: ReturnType<typeof blob>[]) =>
      startProblem(start({ files: [{ path: 'main.py', text: '' }, ...blobs] }));
    const half = LIMITS.roomBytes / 2;
    expect(withBlobs(blob('img/a.png', half), blob('b', half))).toBeNull();
    expect(withBlobs(blob('a', half), blob('b', half), blob('c', 1))).toContain(
      'no text are together larger than 50 MiB',
    );
    for (const path of ['../x', '/etc/x', 'a/../b'])
      expect(withBlobs(blob(path, 1))).toContain('cannot be used');
    expect(withBlobs(blob('main.py', 1))).toBe('Two files are called “main.py”.');
    expect(withBlobs(blob('main.py/x', 1))).toContain('a file and of a folder');
  });

  test('[A24] arguments and environment: NUL, too long, too many, strange names', () => {
    expect(startProblem(start({ args: ['a\0b'] }))).toContain('NUL');
    expect(startProblem(start({ args: ['x'.repeat(40_000)] }))).toContain('longer than');
    expect(startProblem(start({ args: Array.from({ length: 65 }, () => 'x') }))).toContain(
      'up to 64 arguments',
    );
    expect(startProblem(start({ env: { 'A=B': 'c' } }))).toContain('cannot name');
    expect(startProblem(start({ env: { A: 'b\0c' } }))).toContain('NUL');
    expect(startProblem(start({ env: { A: 'x'.repeat(40_000) } }))).toContain('longer than');
    expect(startProblem(start({ args: ['ok', ''], env: { A_1: 'ok' } }))).toBeNull();
  });
});
