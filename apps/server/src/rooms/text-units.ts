// How much text something carries. The cost of keeping, writing and sending it goes by that.
import type { Command, CommandBody, EventBody, RunPiece } from '@codesync/protocol';

/** A command with the units of its text, where they were counted already. */
export type MeasuredCommand = Command & { readonly units?: number };

/**
 * The text in a command or an event, in UTF-16 units. Each other component of an operation counts as one, as does a
 * turn of a run’s streams.
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

/**
 * The units of an event's text, where the command that it came from tells them. An edit that was carried over no other
 * edit has the same operation.
 */
export function knownUnits(event: EventBody, { body, units }: MeasuredCommand): number | undefined {
  return event.kind === 'edit' && body.kind === 'edit' && event.op === body.op ? units : undefined;
}
