// How much text something carries: what it costs to keep, to write down and to send goes by that.
import type { CommandBody, EventBody, RunPiece } from '@codesync/protocol';

/**
 * The text in a command or an event, in UTF-16 units; each other component of an operation counts as one, as does a turn of a
 * run’s streams.
 */
export function textUnits(body: CommandBody | EventBody): number {
  if (body.kind === 'run.output') return outputUnits(body);
  if ('text' in body) return body.text.length;
  if (body.kind !== 'edit') return 0;
  return body.op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
}

/** The same of a piece of a run's transcript. */
export function outputUnits(
  piece: Pick<RunPiece, 'text'> & { readonly turns?: readonly number[] | undefined },
): number {
  return piece.text.length + (piece.turns?.length ?? 0);
}
