import type { Run } from '@codesync/protocol';
import { configurationId, fileId, participantId, runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { isSought } from '../../src/features/runs/search.ts';

const RUN: Run = {
  id: runId('run-one'),
  language: 'python',
  entry: fileId('file-main'),
  by: participantId('ada'),
  startedAt: 0,
  files: [
    { file: fileId('file-main'), path: 'src/main.py', version: 3 },
    { file: fileId('file-data'), path: 'numbers.txt', version: 1 },
  ],
  configuration: { id: configurationId('configuration-1'), name: 'Sums' },
  args: ['--fast', 'two words'],
  env: [{ name: 'MODE', value: 'test' }],
  stdin: fileId('file-data'),
  phase: 'ended',
  end: {
    reason: 'exit',
    exitCode: 1,
    signal: null,
    wallMs: 5,
    cpuMs: 4,
    peakBytes: 1_000,
    truncated: { stdout: 0, stderr: 0 },
  },
  output: [{ stream: 'stderr', text: '\u001b[31mValue\u001b[0mError\n' }],
  outputDropped: false,
};

describe('a run is found', () => {
  test.each([
    '',
    '  ',
    'ADA',
    'main.py',
    'sums --fast',
    'mode=test numbers',
    '"exit 1"',
    'valueerror',
    'python ada',
  ])('by %j', (words) => {
    expect(isSought(RUN, 'Ada', words, null)).toBe(true);
  });

  test.each(['grace', 'ada grace', '"exit 0"', 'exit"1'])('not by %j', (words) => {
    expect(isSought(RUN, 'Ada', words, null)).toBe(false);
  });

  test('by how it went', () => {
    const results = ['succeeded', 'failed', 'stopped', 'going'] as const;
    const found = (run: Run) => results.filter((result) => isSought(run, 'Ada', 'ada', result));
    const end = RUN.end!;
    expect(found(RUN)).toEqual(['failed']);
    expect(found({ ...RUN, end: { ...end, exitCode: 0 } })).toEqual(['succeeded']);
    expect(found({ ...RUN, end: { ...end, reason: 'stopped', exitCode: null } })).toEqual(['stopped']);
    expect(found({ ...RUN, end: { ...end, reason: 'wall', exitCode: null } })).toEqual(['failed']);
    expect(found({ ...RUN, end: null, phase: 'running' })).toEqual(['going']);
  });
});
