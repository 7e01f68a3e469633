// What the programs of tests say to the runners that run none: an order in the first line of the entry.
import type { BlobRef, RunnerFile, RunStretch } from '@codesync/protocol';

export type Order = { readonly order: string; readonly argument: string };

type Program = { readonly entry: string; readonly files: readonly RunnerFile[] };

/** `order` is empty where the entry is not among the files. */
export function orderOf({ entry, files }: Program): Order {
  const file = files.find(({ path }) => path === entry);
  const program = file !== undefined && 'text' in file ? file.text : '';
  const [order = '', argument = ''] = program.split('\n')[0]!.split(' ');
  return { order, argument };
}

/** What is in the file that `sum` names as its argument. */
export function blobOf({ files }: Program, argument: string): BlobRef {
  const file = files.find(({ path }) => path === argument);
  if (file === undefined || !('blob' in file)) throw new Error(`${argument} is no such file`);
  return file.blob;
}

/** What `print` with that argument prints: lines on both streams in turn. */
export function printed(argument: string): RunStretch[] {
  return Array.from({ length: Number(argument) }, (_, i) => ({
    stream: i % 2 === 0 ? 'stdout' : 'stderr',
    text: `line ${i}\n`,
  }));
}
