// Runs as far as their paths are read.
import type { Language } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';

/** A run of the file at `path`, with others beside it. */
export function ran(path: string, language: Language = 'python', others: Iterable<string> = []) {
  const files = [path, ...others].map((each, i) => ({ file: fileId(`file-${i}`), path: each, version: 0 }));
  return { entry: fileId('file-0'), language, files };
}
