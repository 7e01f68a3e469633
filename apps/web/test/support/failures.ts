// Runs that failed, and what the page makes of what they printed.
import type { Language, Run, RunEnd } from '@codesync/protocol';
import { fileId, runId } from '@codesync/protocol/testing';
import { failuresOf } from '../../src/features/runs/failures.ts';

type Ends = Partial<RunEnd>;

/** A run of these files, the first of them the entry, that printed this to stderr. */
export function ran(language: Language, paths: readonly string[], printed: string, end: Ends = {}): Run {
  const files = paths.map((path, i) => ({ file: fileId(`f${i}`), path, version: 1 }));
  return {
    id: runId('r'),
    language,
    entry: files[0]!.file,
    by: null,
    startedAt: 0,
    files,
    phase: 'ended',
    end: {
      reason: 'exit',
      exitCode: 1,
      signal: null,
      wallMs: 1,
      cpuMs: 1,
      peakBytes: 1,
      truncated: { stdout: 0, stderr: 0 },
      ...end,
    },
    output: [
      { stream: 'stdout', text: '  File "/w/main.py", line 1\nNoError: what stdout says is no failure\n' },
      { stream: 'stderr', text: printed },
    ],
    outputDropped: false,
  };
}

/** Each failure as `path:line:column-end severity message`, with what the language does not tell left out. */
export function told(run: Run): string[] {
  return failuresOf(run).map(({ path, line, column, endColumn, message, severity }) => {
    const at = column === undefined ? '' : `:${column}`;
    const end = endColumn === undefined ? '' : `-${endColumn}`;
    return `${path}:${line}${at}${end} ${severity}: ${message}`;
  });
}
