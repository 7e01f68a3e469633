// How much text something carries: what it costs to keep, to write down and to send goes by that.
import type { CommandBody, EventBody } from '@codesync/protocol';

/** The text in a command or an event, in UTF-16 units; each other component of an operation counts as one. */
export function textUnits(body: CommandBody | EventBody): number {
  if ('text' in body) return body.text.length;
  if (body.kind !== 'edit') return 0;
  return body.op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
}
