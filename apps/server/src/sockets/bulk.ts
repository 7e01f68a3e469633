// What much text costs of its client's rate, beyond being a message: big ones fill the log as many small ones do.
import type { CommandBody, EventBody } from '@codesync/protocol';

/** Text that costs as much as one more command, in UTF-16 units. */
const UNITS_PER_TOKEN = 65_536;

/** What `units` of text cost, in commands. */
export function bulkOfUnits(units: number): number {
  return Math.floor(units / UNITS_PER_TOKEN);
}

/** What the text in a command or an event costs, in commands. */
export function bulkOf(body: CommandBody | EventBody): number {
  if ('text' in body) return bulkOfUnits(body.text.length);
  if (body.kind !== 'edit') return 0;
  return bulkOfUnits(
    body.op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0),
  );
}
