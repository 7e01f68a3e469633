// What the programs of tests say to the runners that run none: an order in the first line of the entry.
import type { RunStretch } from '@codesync/protocol';

export type Order = { readonly order: string; readonly argument: string };

/** `order` is empty where the entry is not among the files. */
export function orderOf(request: {
  readonly entry: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}): Order {
  const program = request.files.find(({ path }) => path === request.entry)?.text ?? '';
  const [order = '', argument = ''] = program.split('\n')[0]!.split(' ');
  return { order, argument };
}

/** What `print` with that argument prints: lines on both streams in turn. */
export function printed(argument: string): RunStretch[] {
  return Array.from({ length: Number(argument) }, (_, i) => ({
    stream: i % 2 === 0 ? 'stdout' : 'stderr',
    text: `line ${i}\n`,
  }));
}
